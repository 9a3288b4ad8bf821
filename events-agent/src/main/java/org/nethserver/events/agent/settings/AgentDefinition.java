package org.nethserver.events.agent.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.spi.AgentSettings.Trust;

/**
 * What a file says of one agent.
 *
 * @param id its id
 * @param places where its steps are, the later winning
 * @param trust which files may be run
 * @param limits its bounds
 * @param stateDirectory its working directory
 * @param environment variables of its steps; not shown by {@link #toString}
 * @param environmentFiles files with more of them, the later winning
 * @param user as whom its steps run; empty if as the process does
 * @param journal whether it makes good from the journal what it missed, where the process does
 * @param history whether the history of its runs is kept, where the process keeps any
 */
public record AgentDefinition(
    String id,
    List<StepPlace> places,
    Trust trust,
    Limits limits,
    Path stateDirectory,
    Map<String, String> environment,
    List<Path> environmentFiles,
    Optional<Account> user,
    boolean journal,
    boolean history) {
  /** Copies what could change. */
  public AgentDefinition {
    places = List.copyOf(places);
    environment = Map.copyOf(environment);
    environmentFiles = List.copyOf(environmentFiles);
  }

  @Override
  public String toString() {
    return "AgentDefinition[" + id + "]";
  }
}
