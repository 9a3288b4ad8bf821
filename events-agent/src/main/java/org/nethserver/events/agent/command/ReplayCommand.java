package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events replay}: runs recorded events again. */
@Command(
    name = "replay",
    description = {
      "Runs recorded events again on the steps of one agent, which must be running with --journal:"
          + " one after the other, with the same id and payload, in its own order and bounds."
    },
    footer = {
      "",
      "Example: what would be run again of what happened to users since eight o'clock",
      "  events replay --agentid=module/mine1 --since '2026-11-27 08:00' --only 'user-*' --dry-run",
      "",
      "Exit codes: 0 all completed; 1 a run failed, or an event is not there; 2 wrong usage."
    })
final class ReplayCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Ids of events, as \"events journal\" and AGENT_EVENT_ID show them.")
  List<String> ids = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "All from so long ago on (2h) or from a time on: \"2026-11-27 08:00\".")
  @Nullable String since;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Of these only such channels or names; repeatable.")
  List<String> globs = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Show what would be run again, secrets as ***, and run nothing.")
  boolean dryRun;

  @Option(
      names = JournalCommand.KEY_OPTION,
      paramLabel = "KEY",
      description = "Default: ${DEFAULT-VALUE}.")
  String key = JournalCommand.KEY;

  @Mixin AgentStateFlags agent = new AgentStateFlags();
  @Mixin RedisFlags redis = new RedisFlags();
  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (ids.isEmpty() == (since == null)) {
      throw new CommandFailure(
          CommandFailure.USAGE, "say what to run again: ids of events, or --since TIME");
    }
    Variables environment = ProcessEnvironment.variables();
    Path directory = agent.directory(environment);
    PrintWriter out = Terminal.out(spec);
    List<Journal.Entry> found;
    try (Transport transport = redis.openReplica(environment, Terminal.err(spec))) {
      found = find(JournalCommand.journal(transport));
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.FAILED, String.valueOf(e.getMessage()));
    }
    int missing = sayMissing(found);
    if (dryRun) {
      found.forEach(entry -> Terminal.print(out, JournalCommand.line(entry, false)));
      return missing == 0 ? 0 : CommandFailure.FAILED;
    }
    List<Requests.Item> items =
        found.stream()
            .map(entry -> new Requests.Item("replay " + entry.id(), shown(entry)))
            .toList();
    return missing + Requests.ask(directory, items, out) == 0 ? 0 : CommandFailure.FAILED;
  }

  private List<Journal.Entry> find(Journal journal) throws IOException {
    Set<String> wanted = new HashSet<>(ids);
    ChannelGlobs channels = ChannelGlobs.of(globs.isEmpty() ? List.of("*") : globs);
    List<Journal.Entry> found = new ArrayList<>();
    String end = since == null ? "" : Long.toString(PastTime.parse(since).toEpochMilli());
    List<Journal.Entry> entries;
    do {
      entries = journal.read(key, end, JournalCommand.PART);
      for (Journal.Entry entry : entries) {
        end = entry.id();
        if (entry.content() instanceof Journal.Recorded recorded
            && channels.matches(recorded.channel())
            && (since != null || wanted.contains(entry.position().toString()))) {
          found.add(entry);
        }
      }
    } while (entries.size() == JournalCommand.PART);
    return found;
  }

  private int sayMissing(List<Journal.Entry> found) {
    Set<String> missing = new HashSet<>(ids);
    found.forEach(entry -> missing.remove(entry.position().toString()));
    missing.forEach(
        id ->
            Terminal.print(
                Terminal.err(spec),
                Printable.text(id) + " is not in the journal, or not among what --only names"));
    return missing.size();
  }

  private static String shown(Journal.Entry entry) {
    String channel =
        entry.content() instanceof Journal.Recorded recorded
            ? Payload.wrap(recorded.channel()).text()
            : "";
    return Printable.text(entry.position() + "  " + channel);
  }
}
