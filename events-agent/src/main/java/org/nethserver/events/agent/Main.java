package org.nethserver.events.agent;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.command.EventsCommand;
import org.nethserver.events.agent.config.AgentArguments;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.host.AgentProcess;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.worker.Worker;

/**
 * Where {@code bin/events} and, with {@code agent} as first argument, {@code bin/events-agent}
 * start.
 */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param arguments the subcommand and what follows it
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    if (!arguments.isEmpty() && arguments.getFirst().equals("agent")) {
      Optional<AgentOptions> options = AgentArguments.read(arguments.subList(1, arguments.size()));
      if (options.isPresent()) {
        return agent(options.get());
      }
    }
    if (arguments.equals(List.of("worker"))) {
      return worker();
    }
    return EventsCommand.run(arguments);
  }

  private static int worker() {
    try {
      Worker.run();
      return 0;
    } catch (IOException | RuntimeException e) {
      System.err.println("<3>" + e.getMessage());
      return 1;
    }
  }

  private static int agent(AgentOptions options) {
    try {
      return AgentProcess.run(options);
    } catch (IllegalArgumentException e) {
      System.err.println("<3>" + e.getMessage() + " (see events-agent --help)");
      return 2;
    } catch (WrongSettingsException e) {
      e.problems().forEach(problem -> System.err.println("<3>" + problem));
      return 2;
    } catch (IOException e) {
      System.err.println("<3>" + e.getMessage());
      return 1;
    }
  }
}
