package org.nethserver.events.agent.run;

import java.util.Optional;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry;

/**
 * What lies beside an event's steps and says how it is to be handled. An entry may be refused, as a
 * step may be.
 *
 * @param policy the entry of {@link EventFile#POLICY}
 * @param inputSchema the entry of {@link EventFile#INPUT_SCHEMA}
 */
public record EventFiles(Optional<StepEntry> policy, Optional<StepEntry> inputSchema) {
  /** There is nothing but steps. */
  public static final EventFiles NONE = new EventFiles(Optional.empty(), Optional.empty());

  /** Tells whether there is nothing but steps. */
  public boolean isEmpty() {
    return policy.isEmpty() && inputSchema.isEmpty();
  }
}
