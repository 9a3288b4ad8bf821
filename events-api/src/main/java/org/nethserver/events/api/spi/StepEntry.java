package org.nethserver.events.api.spi;

import java.util.Objects;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;

/**
 * What a source has under a step's name.
 *
 * @param name the step's name
 * @param origin the file or jar, for people
 * @param disposition what is to happen with it
 */
public record StepEntry(StepName name, String origin, Disposition disposition) {
  /** Refuses null. */
  public StepEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(disposition, "disposition");
  }

  /** What is to happen with an entry. */
  public sealed interface Disposition {
    /**
     * It runs, unless a later source has the same name.
     *
     * @param step the step
     */
    record Runs(Step step) implements Disposition {}

    /** It takes the step of its name out of earlier sources and runs nothing itself. */
    record Masks() implements Disposition {}

    /**
     * It replaces earlier steps of its name, but must not be run: skipped with a warning.
     *
     * @param why the reason and the cure in one line
     */
    record Refused(String why) implements Disposition {}

    /**
     * It is no step at all, such as an editor's backup file: nothing is replaced, nothing is said.
     *
     * @param why the reason, for {@code events handlers}
     */
    record PassedOver(String why) implements Disposition {}

    /**
     * It is no step, but an {@link EventFile}.
     *
     * @param content what the file holds, of at most {@link EventFile#MAX_SIZE} bytes
     */
    record Document(Payload content) implements Disposition {}
  }
}
