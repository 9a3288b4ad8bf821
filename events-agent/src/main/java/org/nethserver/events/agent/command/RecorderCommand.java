package org.nethserver.events.agent.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.catalog.Catalog;
import org.nethserver.events.agent.catalog.CatalogOptions;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.recorder.RecorderProcess;
import org.nethserver.events.agent.recorder.Withholding;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.api.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events recorder}: the daemon that keeps the journal. */
@Command(
    name = "recorder",
    description = {
      "Records all events in a stream in the primary Redis: the journal. Publishers need not know"
          + " of it. Run two or more, so that nothing is lost while one starts anew; they need no"
          + " leader. At a replica it waits until that is the primary.",
      "Whoever may read the stream may read the history: see docs/journal.md."
    },
    footer = {
      "",
      "Example: keep two days, and of VPN events no payloads",
      "  events recorder --max-age 2d --exclude 'vpn-*'",
      "",
      "Exit codes: 2 wrong usage; 143 and 130 at SIGTERM and Ctrl-C, which end it."
    })
final class RecorderCommand implements Callable<Integer> {
  @Option(
      names = JournalCommand.KEY_OPTION,
      paramLabel = "KEY",
      description = "The stream's name; KEY/recorders is its state. Default: ${DEFAULT-VALUE}.")
  String key = JournalCommand.KEY;

  @Option(
      names = "--max-events",
      paramLabel = "N",
      description = "Keep so many events, and some more. Default: ${DEFAULT-VALUE}.")
  long maxEvents = 20_000;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description = "Keep so many bytes of events, such as 64MiB. Default: ${DEFAULT-VALUE}.")
  String maxBytes = "64MiB";

  @Option(
      names = "--max-age",
      paramLabel = "TIME",
      description =
          "Keep events for so long, such as 7d; older ones go when the next comes. Default:"
              + " ${DEFAULT-VALUE}.")
  String maxAge = "7d";

  @Option(
      names = "--largest",
      paramLabel = "SIZE",
      description =
          "Keep length and digest alone of payloads that are larger. Default: ${DEFAULT-VALUE}.")
  String largest = "64KiB";

  @Option(
      names = "--record-sensitive",
      description = "Keep also payloads of events that the catalogue calls sensitive.")
  boolean recordSensitive;

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description =
          "Keep no payloads of these channels, such as 'module/*/event/vpn-*'; a glob without"
              + " /event/ is one of event names. Repeatable.")
  List<String> excluded = new ArrayList<>();

  @Mixin CatalogOptions catalog = new CatalogOptions();

  @Mixin RedisFlags redis = new RedisFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Recorder.Plan plan = plan();
    Transport transport = redis.openReplica(ProcessEnvironment.variables(), Terminal.err(spec));
    Recorder recorder =
        transport
            .capability(Recorder.class)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        CommandFailure.USAGE, transport.address() + " cannot keep a journal"));
    return RecorderProcess.run(transport, recorder, plan);
  }

  private Recorder.Plan plan() {
    if (maxEvents < 1) {
      throw wrong("--max-events", "at least 1 is kept");
    }
    long bytes = amount("--max-bytes", maxBytes, Amounts::size);
    Duration age = amount("--max-age", maxAge, Amounts::duration);
    long large = amount("--largest", largest, Amounts::size);
    if (age.isZero()) {
      throw wrong("--max-age", "a journal of no time is none");
    }
    if (large > bytes || large > Integer.MAX_VALUE) {
      throw wrong("--largest", "it cannot be more than --max-bytes, nor than 2 GiB");
    }
    Set<String> sensitive = recordSensitive ? Set.of() : sensitive();
    return new Recorder.Plan(
        key,
        maxEvents,
        bytes,
        age,
        (int) large,
        new Withholding(sensitive, ChannelGlobs.of(excluded)));
  }

  /** A file that cannot be read may be the one that names a secret. */
  private Set<String> sensitive() {
    Catalog known = catalog.load();
    if (!known.problems().isEmpty()) {
      known.problems().forEach(problem -> Terminal.print(Terminal.err(spec), problem));
      throw new CommandFailure(
          CommandFailure.USAGE,
          "Not recording: what cannot be read may name a sensitive event; mend it, or say"
              + " --record-sensitive");
    }
    return known.sensitive();
  }

  private static <T> T amount(String flag, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(flag, String.valueOf(e.getMessage()));
    }
  }

  private static CommandFailure wrong(String flag, String why) {
    return new CommandFailure(CommandFailure.USAGE, flag + ": " + why);
  }
}
