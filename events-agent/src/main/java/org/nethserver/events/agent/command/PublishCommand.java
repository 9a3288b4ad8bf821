package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.catalog.CatalogOptions;
import org.nethserver.events.agent.catalog.Finding;
import org.nethserver.events.agent.catalog.Lint;
import org.nethserver.events.agent.catalog.PayloadArgument;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.api.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events publish}: sends one event, after the checks that save its listeners trouble. */
@Command(
    name = "publish",
    description =
        "Sends an event to the primary Redis and prints how many listened there: agents, recorders,"
            + " and whoever else does. What breaks the rules of events is refused, what is unwise"
            + " is warned of; \"events lint\" checks without sending.",
    footer = {
      "",
      "Example: tell that a user changed",
      "  events publish module/openldap1 user-domain-changed '{\"domain\":\"example.org\"}'",
      "",
      "Exit codes: 0 sent, and recorded with --confirm; 1 not sent, not recorded, or not known to"
          + " be; 2 wrong usage or refused."
    })
final class PublishCommand implements Callable<Integer> {
  /** What one event may weigh unless told otherwise: Redis drops subscribers for the huge. */
  private static final int MAX_SIZE = 1 << 20;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "Who tells, such as module/mine1.")
  String source = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "What happened: user-created.")
  String name = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "JSON|@FILE|-",
      description = "The payload: JSON, a file that holds it, or - for stdin. Default: {}.")
  String payload = "{}";

  @Option(
      names = "--raw",
      description =
          "Send any payload under any name, unchecked; agents refuse names that break the rules.")
  boolean raw;

  @Option(names = "--large", description = "Allow payloads over 1 MiB.")
  boolean large;

  @Option(
      names = "--confirm",
      description = "Wait up to 10 s until the event is recorded: see \"events recorder\".")
  boolean confirm;

  @Option(
      names = JournalCommand.KEY_OPTION,
      paramLabel = "KEY",
      description = "The journal that --confirm looks into. Default: ${DEFAULT-VALUE}.")
  String key = JournalCommand.KEY;

  @Option(
      names = "--json",
      description = "Print JSON: channel, bytes, receivers, findings, and with --confirm its id.")
  boolean json;

  @Mixin CatalogOptions catalog = new CatalogOptions();

  @Mixin RedisFlags redis = new RedisFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    String channel =
        raw
            ? source + Channel.SEPARATOR + name
            : new Channel(Arguments.eventSource(source), Arguments.eventName(name)).toString();
    Payload bytes = readPayload();
    List<Finding> findings = raw ? List.of() : check(channel, bytes);
    if (!large && bytes.size() > MAX_SIZE) {
      throw new CommandFailure(
          CommandFailure.USAGE,
          "Not sent: the payload has "
              + bytes.size()
              + " bytes, more than 1 MiB; send an id that listeners can look up, or say --large");
    }
    print(send(channel, bytes), channel, bytes, findings);
    return 0;
  }

  private Payload readPayload() {
    try {
      return PayloadArgument.read(payload, System.in);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, "Not sent: " + e.getMessage());
    }
  }

  private List<Finding> check(String channel, Payload bytes) {
    List<Finding> findings =
        new Lint(catalog.load())
            .check(channel, bytes).stream()
                .filter(finding -> !large || !finding.rule().equals("payload-size"))
                .toList();
    PrintWriter err = Terminal.err(spec);
    List<Finding> errors = findings.stream().filter(Finding::isError).toList();
    if (!json || !errors.isEmpty()) {
      findings.forEach(finding -> Terminal.print(err, finding.toString()));
    }
    if (!errors.isEmpty()) {
      throw new CommandFailure(
          CommandFailure.USAGE,
          "Not sent: " + channel + " breaks the rules above; --raw sends it all the same");
    }
    return findings;
  }

  /**
   * What became of an event.
   *
   * @param receivers how many heard it
   * @param id its id in the journal, if it was waited for
   */
  private record Sent(long receivers, Optional<String> id) {}

  private Sent send(String channel, Payload bytes) {
    try (Transport transport =
        redis.openPrimary(ProcessEnvironment.variables(), Terminal.err(spec))) {
      Publisher publisher = capability(transport, Publisher.class, "cannot send events");
      byte[] to = channel.getBytes(StandardCharsets.UTF_8);
      if (!confirm) {
        return new Sent(publisher.publish(to, bytes.bytes()), Optional.empty());
      }
      Journal journal = capability(transport, Journal.class, "has no journal");
      Confirmation confirmation = Confirmation.begin(journal, key);
      long receivers = publisher.publish(to, bytes.bytes());
      Optional<String> id = confirmation.await(to, bytes);
      if (id.isEmpty()) {
        throw new CommandFailure(
            CommandFailure.FAILED,
            "Sent, and not recorded within "
                + Confirmation.PATIENCE.toSeconds()
                + " s: does \"events recorder\" run, and can Redis write? \"events journal\" shows"
                + " whether it comes later");
      }
      return new Sent(receivers, id);
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static <C> C capability(Transport transport, Class<C> wanted, String without) {
    return transport
        .capability(wanted)
        .orElseThrow(
            () -> new CommandFailure(CommandFailure.USAGE, transport.address() + " " + without));
  }

  private void print(Sent sent, String channel, Payload bytes, List<Finding> findings) {
    long receivers = sent.receivers();
    PrintWriter out = Terminal.out(spec);
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("channel", channel);
      fields.put("bytes", bytes.size());
      fields.put("receivers", receivers);
      sent.id().ifPresent(id -> fields.put("id", id));
      fields.put("findings", new ArrayList<>(findings.stream().map(Finding::toString).toList()));
      Terminal.print(out, Json.write(fields));
      return;
    }
    Terminal.print(
        out,
        receivers == 0
            ? "Sent, and nobody listened: is an agent running on this Redis?"
            : "Sent to " + receivers + (receivers == 1 ? " listener" : " listeners"));
    sent.id().ifPresent(id -> Terminal.print(out, "Recorded as " + id));
  }
}
