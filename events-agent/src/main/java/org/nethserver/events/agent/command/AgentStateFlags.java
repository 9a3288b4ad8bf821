package org.nethserver.events.agent.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.host.StateDirectories;
import org.nethserver.events.api.Variables;
import picocli.CommandLine.Option;

/** The flags that say which agent's state a command is about. */
final class AgentStateFlags {
  @Option(names = "--agentid", paramLabel = "ID", description = "The agent. Default: $AGENT_ID.")
  @Nullable String agentId;

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description = "The agent's --state-directory. Default: $STATE_DIRECTORY.")
  @Nullable String stateDirectory;

  /**
   * Returns the agent's id.
   *
   * @throws CommandFailure if nobody says it
   */
  String id(Variables environment) {
    return Optional.ofNullable(agentId)
        .or(() -> environment.value("AGENT_ID"))
        .filter(given -> !given.isEmpty())
        .orElseThrow(
            () ->
                new CommandFailure(
                    CommandFailure.USAGE,
                    "say which agent: --agentid=ID, such as --agentid=module/traefik1"));
  }

  /**
   * Returns the directory of the agent's state.
   *
   * @throws CommandFailure if there is none
   */
  Path directory(Variables environment) {
    String id = id(environment);
    AgentOptions options = new AgentOptions();
    if (stateDirectory != null) {
      AgentFlag.STATE_DIRECTORY.apply(options, stateDirectory);
    }
    Path directory =
        options
            .stateDirectory(environment)
            .map(base -> new StateDirectories(base).path(id))
            .orElseThrow(
                () ->
                    new CommandFailure(
                        CommandFailure.USAGE,
                        "say where the agent keeps its state: --state-directory=DIR, as it was"
                            + " given to the agent"));
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          CommandFailure.FAILED,
          "no agent "
              + id
              + " has kept its state there: "
              + directory
              + " is no directory, or not to be seen by this user");
    }
    return directory;
  }
}
