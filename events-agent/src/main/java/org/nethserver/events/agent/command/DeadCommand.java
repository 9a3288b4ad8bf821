package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.journal.AgentState;
import org.nethserver.events.agent.journal.StateFile;
import org.nethserver.events.agent.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events dead}: what was set aside, since the agent died in it each time. */
@Command(
    name = "dead",
    description = {
      "Shows the events that an agent has set aside, since its process died twice while it ran"
          + " them; runs them again, or forgets them."
    },
    footer = {
      "",
      "Example: run all of them again",
      "  events dead --agentid=module/mine1 --state-directory=/var/lib/events --retry",
      "",
      "Exit codes: 0 done; 1 a run failed, or no agent answers; 2 wrong usage."
    })
final class DeadCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids of events. Default: all.")
  List<String> ids = new ArrayList<>();

  @Option(names = "--retry", description = "Run them again; the agent must be running.")
  boolean retry;

  @Option(names = "--drop", description = "Forget them; the agent must be running.")
  boolean drop;

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  @Mixin AgentStateFlags agent = new AgentStateFlags();
  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (retry && drop) {
      throw new CommandFailure(CommandFailure.USAGE, "--retry or --drop, not both");
    }
    Path directory = agent.directory(ProcessEnvironment.variables());
    PrintWriter out = Terminal.out(spec);
    List<AgentState.Dead> dead = read(directory);
    if (!retry && !drop) {
      dead.forEach(event -> Terminal.print(out, json ? Json.write(fields(event)) : line(event)));
      if (dead.isEmpty() && !json) {
        Terminal.print(Terminal.err(spec), "Nothing is set aside");
      }
      return 0;
    }
    String request = retry ? "retry " : "drop ";
    List<Requests.Item> items =
        dead.stream().map(event -> new Requests.Item(request + event.id(), line(event))).toList();
    return Requests.ask(directory, items, out) == 0 ? 0 : CommandFailure.FAILED;
  }

  private List<AgentState.Dead> read(Path directory) {
    List<AgentState.Dead> all;
    try {
      all = StateFile.dead(directory);
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.FAILED, "cannot read the agent's state: " + e.getMessage());
    }
    if (ids.isEmpty()) {
      return all;
    }
    List<AgentState.Dead> chosen = all.stream().filter(event -> ids.contains(event.id())).toList();
    if (chosen.size() < ids.size()) {
      throw new CommandFailure(
          CommandFailure.FAILED, "not all of these are set aside; \"events dead\" shows which are");
    }
    return chosen;
  }

  private static Instant time(AgentState.Dead event) {
    String entry = event.entry();
    return Instant.ofEpochMilli(Long.parseLong(entry.substring(0, entry.indexOf('-'))));
  }

  private static String line(AgentState.Dead event) {
    return Printable.text(
        JournalCommand.time(time(event)) + "  " + event.id() + "  " + event.channel());
  }

  private static Map<String, Object> fields(AgentState.Dead event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", event.id());
    fields.put("entry", event.entry());
    fields.put("time", time(event).toString());
    fields.put("channel", event.channel());
    return fields;
  }
}
