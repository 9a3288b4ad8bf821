package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.util.List;
import org.nethserver.events.agent.catalog.CatalogCommand;
import org.nethserver.events.agent.catalog.LintCommand;
import org.nethserver.events.agent.text.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code events}: what an administrator or a module's developer types. */
@Command(
    name = "events",
    description = "Runs handlers when something happened in a cluster, and helps to write them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = CommandLine.ScopeType.INHERIT,
    subcommands = {
      PublishCommand.class,
      TailCommand.class,
      HandlersCommand.class,
      PluginsCommand.class,
      TestCommand.class,
      CatalogCommand.class,
      LintCommand.class,
      RecorderCommand.class,
      JournalCommand.class,
      ReplayCommand.class,
      DeadCommand.class,
      RunsCommand.class,
      DemoCommand.class
    },
    footer = {
      "",
      "Example: see it work",
      "  events demo",
      "",
      "Exit codes: 0 it worked; 1 it failed; 2 wrong usage. \"events COMMAND --help\" tells more."
    })
public final class EventsCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  private EventsCommand() {}

  /**
   * Runs a subcommand.
   *
   * @param arguments the subcommand and what follows it
   * @return the exit code
   */
  public static int run(List<String> arguments) {
    return commandLine().execute(arguments.toArray(String[]::new));
  }

  /** Makes the whole command line, as its documentation reads it too. */
  public static CommandLine commandLine() {
    CommandLine events = new CommandLine(new EventsCommand());
    events.addSubcommand(AgentHelp.commandLine());
    events.addSubcommand(DoctorCommand.commandLine());
    // @FILE is a payload or an address, never a file of arguments.
    events.setExpandAtFiles(false);
    events.setParameterExceptionHandler(EventsCommand::wrongUsage);
    events.setExecutionExceptionHandler(EventsCommand::failed);
    events.setUsageHelpAutoWidth(true);
    return events;
  }

  /** Without a subcommand: says which there are. */
  @Override
  public void run() {
    Terminal.of(spec).commandLine().usage(Terminal.out(spec));
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    Terminal.print(err, Printable.text(String.valueOf(e.getMessage())));
    List<String> meant = Meant.by(e);
    if (!meant.isEmpty()) {
      Terminal.print(err, "Did you mean " + String.join(" or ", meant) + "?");
    }
    Terminal.print(
        err, "Try \"" + command.getCommandSpec().qualifiedName() + " --help\" for what is right.");
    return CommandFailure.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
    if (e instanceof CommandFailure failure) {
      Terminal.print(command.getErr(), Printable.text(String.valueOf(failure.getMessage())));
      return failure.exitCode();
    }
    if (System.getenv("EVENTS_DEBUG") != null) {
      e.printStackTrace(command.getErr());
    }
    Terminal.print(
        command.getErr(),
        "This is a fault of \""
            + command.getCommandSpec().qualifiedName()
            + "\": "
            + Printable.text(e.toString())
            + ". EVENTS_DEBUG=1 shows where it came from");
    return CommandFailure.FAILED;
  }
}
