package org.nethserver.events.agent.command;

import java.util.concurrent.Callable;
import org.nethserver.events.agent.config.AgentOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * {@code events agent} where the quick reading of its flags gave up: help is wanted, or something
 * is wrong. The agent itself never comes here.
 */
final class AgentHelp {
  private AgentHelp() {}

  static CommandLine commandLine() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection((Callable<Integer>) AgentHelp::odd);
    spec.name("agent").mixinStandardHelpOptions(true);
    spec.usageMessage(help());
    // Read into nothing: this is where a wrong value gets its sentence.
    AgentFlags.add(spec, AgentOptions::new);
    CommandLine command = new CommandLine(spec);
    command.setUsageHelpAutoWidth(true);
    return command;
  }

  /** The library knows forms that the quick reading does not: {@code --}, for one. */
  private static Integer odd() {
    throw new CommandFailure(
        CommandFailure.USAGE, "the agent takes flags alone, each as --flag=value or --flag value");
  }

  private static UsageMessageSpec help() {
    return new UsageMessageSpec()
        .description(
            "Hears all events and runs the steps of those that have a directory, in the order of"
                + " their names. Also started as events-agent.")
        .footer(
            "",
            "Example: run the steps in ./events/<name>/ for events of a local Redis",
            "  events-agent --agentid=module/mine1 --eventsdir=./events",
            "",
            "Signals: HUP load changed plugins, and with --config changed agents; USR1 finish what"
                + " runs and waits, then exit 0; TERM, INT end what runs and stop.",
            "Exit codes: 0 after USR1; 1 the system refused something; 2 wrong usage.");
  }
}
