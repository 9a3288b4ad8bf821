package org.nethserver.events.agent.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The flags that say whose steps a command looks at: the agent's own, with its environment. */
final class StepFlags {
  @Option(
      names = "--agentid",
      paramLabel = "ID",
      description = "The agent's id. Default: $AGENT_ID, else \"cluster\".")
  @Nullable String agentId;

  @Option(
      names = "--eventsdir",
      paramLabel = "DIR",
      parameterConsumer = InOrder.class,
      description =
          "A directory that holds one directory of steps an event; repeatable, the later wins."
              + " Default: $AGENT_INSTALL_DIR/events.")
  List<String> eventsDirectories = new ArrayList<>();

  @Option(
      names = "--pluginsdir",
      paramLabel = "DIR",
      parameterConsumer = InOrder.class,
      description =
          "A directory of plugins, in one order with --eventsdir. Default: as the agent's: that of"
              + " this installation, then $AGENT_INSTALL_DIR/plugins.")
  List<String> pluginsDirectories = new ArrayList<>();

  /** Both kinds of directories as they were given. */
  private final List<Map.Entry<AgentFlag, String>> directories = new ArrayList<>();

  @Option(
      names = "--trust",
      paramLabel = "owner|any",
      description = "As the agent's --trust. Default: owner.")
  String trust = "owner";

  @Option(
      names = "--step-timeout",
      paramLabel = "DURATION",
      description = "How long one step may run; 0 for no limit. Default: 1h.")
  String stepTimeout = "1h";

  private AgentOptions options(Variables environment) {
    AgentOptions options = new AgentOptions();
    String id = agentId != null ? agentId : environment.value("AGENT_ID").orElse("");
    try {
      AgentFlag.AGENTID.apply(options, id.isEmpty() ? "cluster" : id);
      directories.forEach(given -> given.getKey().apply(options, given.getValue()));
      AgentFlag.TRUST.apply(options, trust);
      AgentFlag.STEP_TIMEOUT.apply(options, stepTimeout);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
    return options;
  }

  /** Opens the agent's steps and loads its plugins; tells what is wrong with these. */
  AgentSteps steps(Variables environment, AgentSteps.Listener listener) {
    try {
      AgentOptions options = options(environment);
      return new AgentSteps(
          options.agent(environment),
          options.places(environment),
          options.limits(environment),
          new Counters(),
          listener);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  AgentSettings agent(Variables environment) {
    try {
      return options(environment).agent(environment);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  Limits limits(Variables environment) {
    return options(environment).limits(environment);
  }

  /** Returns where scripts are looked for, for people. */
  String directories(Variables environment) {
    List<Path> shown = agent(environment).eventsDirectories();
    return shown.isEmpty()
        ? "no directory: --eventsdir is empty"
        : String.join(", ", shown.stream().map(Path::toString).toList());
  }

  /** Returns where plugins are looked for, for people. */
  String pluginsDirectories(Variables environment) {
    List<String> shown =
        options(environment).places(environment).stream()
            .filter(StepPlace.Plugins.class::isInstance)
            .map(place -> place.directory().toString())
            .toList();
    return shown.isEmpty() ? "no directory: --pluginsdir is empty" : String.join(", ", shown);
  }

  /** Keeps the order of two options, which the library does not. */
  static final class InOrder implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> values, ArgSpec option, CommandSpec command) {
      AgentFlag flag =
          ((OptionSpec) option).longestName().equals(AgentFlag.PLUGINSDIR.flag())
              ? AgentFlag.PLUGINSDIR
              : AgentFlag.EVENTSDIR;
      String value = values.pop();
      for (CommandSpec mixin : command.mixins().values()) {
        if (mixin.userObject() instanceof StepFlags flags) {
          flags.directories.add(Map.entry(flag, value));
        }
      }
    }
  }
}
