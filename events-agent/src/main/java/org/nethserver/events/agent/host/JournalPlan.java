package org.nethserver.events.agent.host;

import java.time.Duration;
import java.util.Optional;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.api.Variables;

/**
 * How agents make good from a journal what they missed.
 *
 * @param key the journal's name
 * @param catchUp how old events may be that were missed, to be run
 * @param states where is kept what outlives the process
 */
public record JournalPlan(String key, Duration catchUp, StateDirectories states) {
  /**
   * Returns what the options say of it; empty if they do not ask for it.
   *
   * @throws IllegalArgumentException if something is missing; the message says what to do
   */
  static Optional<JournalPlan> of(AgentOptions options, Variables variables) {
    if (!options.journal()) {
      return Optional.empty();
    }
    StateDirectories states =
        options
            .stateDirectory(variables)
            .map(StateDirectories::new)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--journal has to remember what was run: say where with"
                            + " --state-directory=DIR"));
    return Optional.of(new JournalPlan(options.journalKey(), options.catchUp(), states));
  }
}
