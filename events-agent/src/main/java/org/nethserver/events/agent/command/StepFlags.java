package org.nethserver.events.agent.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
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
      description =
          "A directory that holds one directory of steps an event; repeatable, the later wins."
              + " Default: $AGENT_INSTALL_DIR/events.")
  List<String> eventsDirectories = new ArrayList<>();

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
      for (String directory : eventsDirectories) {
        AgentFlag.EVENTSDIR.apply(options, directory);
      }
      AgentFlag.TRUST.apply(options, trust);
      AgentFlag.STEP_TIMEOUT.apply(options, stepTimeout);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
    return options;
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
}
