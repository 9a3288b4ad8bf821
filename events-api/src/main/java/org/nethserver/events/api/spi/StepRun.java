package org.nethserver.events.api.spi;

import java.nio.file.Path;
import java.util.Objects;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Variables;

/**
 * What one start of one step is given.
 *
 * @param event the event to answer
 * @param id unique to this start of this step: {@code AGENT_STEP_RUN}
 * @param variables the whole environment, {@code AGENT_…} included
 * @param directory the working directory
 */
public record StepRun(Event event, String id, Variables variables, Path directory) {
  /** Refuses null. */
  public StepRun {
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(variables, "variables");
    Objects.requireNonNull(directory, "directory");
  }
}
