package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.agent.text.Masking;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events journal}: shows recorded events. */
@Command(
    name = "journal",
    description = {
      "Shows recorded events, the oldest first, one line each: time, id, channel, payload."
          + " Recorders keep them: see \"events recorder\".",
      "Secrets in payloads are shown as ***: values of keys that end in password, secret or token."
    },
    footer = {
      "",
      "Example: what happened to users in the last two hours, and what happens now",
      "  events journal --since 2h --follow 'user-*'",
      "",
      "Exit codes: 0 shown; 1 the journal cannot be read; 2 wrong usage; 130 Ctrl-C."
    })
final class JournalCommand implements Callable<Integer> {
  static final String KEY_OPTION = "--key";
  static final String KEY = "cluster/events";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** What is read at once: with payloads of 64 KiB these are 16 MiB. */
  static final int PART = 256;

  private static final Duration PAUSE = Duration.ofMillis(500);

  @Parameters(
      paramLabel = "GLOB",
      arity = "0..*",
      description =
          "Channels to show, such as 'module/*/event/user-*'; a glob without /event/ is one of"
              + " event names. Default: all.")
  List<String> globs = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin so long ago (2h, 1d12h) or at a time: \"2026-11-27 08:00\".")
  @Nullable String since;

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      description = "Of all entries look at the last N alone.")
  @Nullable Integer last;

  @Option(names = "--follow", description = "Go on with what is recorded from now on.")
  boolean follow;

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  @Option(names = "--unmasked", description = "Show secrets too: mind who sees your screen.")
  boolean unmasked;

  @Option(names = KEY_OPTION, paramLabel = "KEY", description = "Default: ${DEFAULT-VALUE}.")
  String key = KEY;

  @Mixin RedisFlags redis = new RedisFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (last != null && (last < 1 || since != null)) {
      throw new CommandFailure(
          CommandFailure.USAGE, "--last is at least 1, and goes without --since");
    }
    String after = since == null ? "" : Long.toString(PastTime.parse(since).toEpochMilli());
    try (Transport transport =
        redis.openReplica(ProcessEnvironment.variables(), Terminal.err(spec))) {
      show(journal(transport), after);
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.FAILED, String.valueOf(e.getMessage()));
    }
    return 0;
  }

  static Journal journal(Transport transport) {
    return transport
        .capability(Journal.class)
        .orElseThrow(
            () ->
                new CommandFailure(CommandFailure.USAGE, transport.address() + " has no journal"));
  }

  private void show(Journal journal, String after) throws IOException, InterruptedException {
    PrintWriter out = Terminal.out(spec);
    ChannelGlobs wanted = ChannelGlobs.of(globs.isEmpty() ? List.of("*") : globs);
    String end = last == null ? after : print(journal.last(key, last), wanted, out, after);
    boolean any = !end.equals(after);
    boolean more = last == null || follow;
    // checkError: whoever read us may have ended, as head(1) does.
    while (more && !out.checkError()) {
      List<Journal.Entry> entries = journal.read(key, end, PART);
      end = print(entries, wanted, out, end);
      any |= !entries.isEmpty();
      if (entries.size() < PART) {
        more = follow;
        any = any || sayEmpty(journal);
        Thread.sleep(more ? PAUSE : Duration.ZERO);
      }
    }
    if (!any) {
      sayEmpty(journal);
    }
  }

  /** Says if there is no journal at all; once is enough. */
  private boolean sayEmpty(Journal journal) throws IOException {
    if (journal.last(key, 1).isEmpty()) {
      Terminal.print(
          Terminal.err(spec),
          "There is no journal \"" + Printable.text(key) + "\": does \"events recorder\" run?");
    }
    return true;
  }

  private String print(
      List<Journal.Entry> entries, ChannelGlobs wanted, PrintWriter out, String before) {
    String end = before;
    for (Journal.Entry entry : entries) {
      boolean shown =
          switch (entry.content()) {
            case Journal.Gap _ -> true;
            case Journal.Recorded recorded -> wanted.matches(recorded.channel());
          };
      if (shown) {
        Terminal.print(out, json ? Json.write(fields(entry, unmasked)) : line(entry, unmasked));
      }
      end = entry.id();
    }
    return end;
  }

  /** Shows a time. */
  static String time(Instant time) {
    return TIME.format(time);
  }

  /**
   * Shows an entry on one line.
   *
   * @param unmasked whether with secrets in its payload
   */
  static String line(Journal.Entry entry, boolean unmasked) {
    String start = time(entry.time()) + "  " + Printable.text(entry.position().toString()) + "  ";
    return switch (entry.content()) {
      case Journal.Gap _ -> start + "-- gap: what was published before may be missing --";
      case Journal.Recorded event ->
          start
              + Printable.text(Payload.wrap(event.channel()).text())
              + "  "
              + event
                  .withheld()
                  .map(why -> "-- " + event.length() + " bytes, not kept: " + why + " --")
                  .orElseGet(() -> Payload.wrap(shown(event.payload(), unmasked)).text())
                  .transform(Printable::text);
    };
  }

  private static byte[] shown(Payload payload, boolean unmasked) {
    return unmasked ? payload.bytes() : Masking.payload(payload.bytes());
  }

  private static Map<String, Object> fields(Journal.Entry entry, boolean unmasked) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", entry.position().toString());
    fields.put("entry", entry.id());
    fields.put("time", entry.time().toString());
    switch (entry.content()) {
      case Journal.Gap _ -> fields.put("gap", true);
      case Journal.Recorded event -> {
        fields.put("channel", Payload.wrap(event.channel()).text());
        fields.put("length", event.length());
        event
            .withheld()
            .ifPresentOrElse(
                why -> fields.put("withheld", why),
                () -> Json.putPayload(fields, shown(event.payload(), unmasked)));
      }
    }
    return fields;
  }
}
