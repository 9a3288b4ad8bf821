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
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.Fleet;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.systemd.Notifier;
import org.nethserver.events.api.Variables;
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

  @Option(
      names = "--config",
      paramLabel = "FILE|DIR",
      description = "One of the agents that a host with this --config has: say which by --agentid.")
  @Nullable String config;

  @Option(
      names = "--discover",
      paramLabel = "ROOT",
      arity = "0..1",
      fallbackValue = "",
      description =
          "One of the agents that a host with --discover has, or --discover=ROOT: say which by"
              + " --agentid.")
  @Nullable String discover;

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

  /** The agent that all this means, once it is known. */
  private @Nullable AgentPlan plan;

  /** Returns the agent; what its variables lack is told. */
  AgentPlan plan(Variables environment) {
    AgentPlan known = plan;
    if (known == null) {
      try {
        known = config == null && discover == null ? byFlags(environment) : hosted(environment);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
      } catch (WrongSettingsException e) {
        throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
      }
      plan = known;
    }
    return known;
  }

  private AgentPlan byFlags(Variables environment) {
    AgentOptions options = options();
    String id = agentId != null ? agentId : environment.value("AGENT_ID").orElse("");
    AgentFlag.AGENTID.apply(options, id.isEmpty() ? "cluster" : id);
    return new AgentPlan(
        options.agent(environment),
        options.places(environment),
        options.limits(environment),
        Path.of("").toAbsolutePath(),
        environment.without(Notifier.VARIABLES));
  }

  /** One of those that a host with these flags would have. */
  private AgentPlan hosted(Variables environment) throws WrongSettingsException {
    AgentOptions options = options();
    if (config != null) {
      AgentFlag.CONFIG.apply(options, config);
    }
    if (discover != null) {
      AgentFlag.DISCOVER.apply(options, discover);
    }
    Fleet fleet = new Fleet(options, environment.without(Notifier.VARIABLES), new Untold());
    List<AgentPlan> agents = fleet.read();
    List<String> ids = agents.stream().map(AgentPlan::id).sorted().toList();
    String id = agentId != null ? agentId : ids.size() == 1 ? ids.getFirst() : "";
    return agents.stream()
        .filter(agent -> agent.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (id.isEmpty() ? "which agent? Give --agentid=ID" : "no agent \"" + id + "\"")
                        + " of "
                        + fleet.origin()
                        + (ids.isEmpty()
                            ? ", which has none"
                            : "; there are " + String.join(", ", ids))));
  }

  private AgentOptions options() {
    AgentOptions options = new AgentOptions();
    directories.forEach(given -> given.getKey().apply(options, given.getValue()));
    AgentFlag.TRUST.apply(options, trust);
    AgentFlag.STEP_TIMEOUT.apply(options, stepTimeout);
    return options;
  }

  /** Opens the agent's steps and loads its plugins; tells what is wrong with these. */
  AgentSteps steps(Variables environment, AgentSteps.Listener listener) {
    AgentPlan agent = plan(environment);
    try {
      return new AgentSteps(agent, new Counters(), listener);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Returns where scripts are looked for, for people. */
  String directories(Variables environment) {
    List<Path> shown = plan(environment).settings().eventsDirectories();
    return shown.isEmpty()
        ? "no directory: --eventsdir is empty"
        : String.join(", ", shown.stream().map(Path::toString).toList());
  }

  /** Returns where plugins are looked for, for people. */
  String pluginsDirectories(Variables environment) {
    List<String> shown =
        plan(environment).places().stream()
            .filter(StepPlace.Plugins.class::isInstance)
            .map(place -> place.directory().toString())
            .toList();
    return shown.isEmpty() ? "no directory: --pluginsdir is empty" : String.join(", ", shown);
  }

  /** What the agent would tell of its start is not asked here. */
  private static final class Untold implements Fleet.Listener {
    @Override
    public void missing(AgentPlan agent, String why) {}

    @Override
    public void notHosted(String why) {}
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
