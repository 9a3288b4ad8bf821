package org.nethserver.events.agent.host;

import java.util.Optional;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.api.Variables;

/**
 * How the history of agents' runs is kept.
 *
 * @param states where is kept what outlives the process
 * @param demanded whether somebody asked for it: then an agent that cannot have one is not hosted
 */
public record HistoryPlan(StateDirectories states, boolean demanded) {
  /**
   * Returns what the options say of it; empty if there is none.
   *
   * @throws IllegalArgumentException if it is asked for, and has no place; the message says what to
   *     do
   */
  static Optional<HistoryPlan> of(AgentOptions options, Variables variables) {
    if (!options.history().orElse(true)) {
      return Optional.empty();
    }
    boolean demanded = options.history().isPresent();
    Optional<StateDirectories> states =
        options.stateDirectory(variables).map(StateDirectories::new);
    if (demanded && states.isEmpty()) {
      throw new IllegalArgumentException(
          "--history needs a place for what it keeps: say where with --state-directory=DIR");
    }
    return states.map(where -> new HistoryPlan(where, demanded));
  }
}
