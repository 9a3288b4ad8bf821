package org.nethserver.events.agent.run;

import java.util.List;
import org.nethserver.events.api.spi.StepEntry;

/**
 * What an agent has for an event.
 *
 * @param steps the steps to try, refused ones included, in order
 * @param files what says when and how they are to run
 */
public record Handling(List<StepEntry> steps, EventFiles files) {
  /** Nothing. */
  static final Handling NOTHING = new Handling(List.of(), EventFiles.NONE);

  /** Tells whether there is no step: then nobody asks when it is to run. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }
}
