package org.nethserver.events.agent.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of an event.
 *
 * @param key tells it from all other runs
 * @param event the id of the event
 * @param source who told of it
 * @param name what happened
 * @param delivery counts how often it was delivered, from 1
 * @param began when
 * @param took how long; empty if it has no end
 * @param outcome as in the log; else {@link #RUNNING} or {@link #INTERRUPTED}
 * @param code the exit code; -1 for a signal
 * @param last the step that it ended at; empty if it has no end
 * @param steps those that were tried
 */
public record RecordedRun(
    String key,
    String event,
    String source,
    String name,
    int delivery,
    Instant began,
    Optional<Duration> took,
    String outcome,
    int code,
    String last,
    List<RecordedStep> steps) {
  /** It goes on. */
  public static final String RUNNING = "running";

  /** Its process is gone, and its end was not written. */
  public static final String INTERRUPTED = "interrupted";

  /** Copies the list. */
  public RecordedRun {
    steps = List.copyOf(steps);
  }

  /** Tells whether an administrator should look. */
  public boolean failed() {
    return code != 0 && !outcome.equals("stopped");
  }

  /** Tells whether it has no end, and will have none. */
  public boolean interrupted() {
    return outcome.equals(INTERRUPTED);
  }

  /** Returns it without what its steps wrote. */
  public RecordedRun withoutOutput() {
    return new RecordedRun(
        key,
        event,
        source,
        name,
        delivery,
        began,
        took,
        outcome,
        code,
        last,
        steps.stream().map(RecordedStep::withoutOutput).toList());
  }

  RecordedRun withOutcome(String other) {
    return new RecordedRun(
        key, event, source, name, delivery, began, took, other, code, last, steps);
  }

  /**
   * One step of it.
   *
   * @param name its name
   * @param began when it was first started
   * @param took until its last end
   * @param outcome {@code completed}, {@code failed}, {@code killed}, {@code timed-out}, {@code
   *     stopped} or {@code skipped}
   * @param code the exit code; -1 if it has none
   * @param signal what it was killed by, else 0
   * @param why it was skipped, else empty
   * @param attempts how often it was started
   * @param output the end of what it wrote, without secrets
   * @param cut whether it wrote more
   */
  public record RecordedStep(
      String name,
      Instant began,
      Duration took,
      String outcome,
      int code,
      int signal,
      String why,
      int attempts,
      String output,
      boolean cut) {
    /** Tells whether the run ended at it for its own fault. */
    public boolean failed() {
      return code != 0 && !outcome.equals("stopped");
    }

    RecordedStep withoutOutput() {
      return new RecordedStep(
          name, began, took, outcome, code, signal, why, attempts, "", cut || !output.isEmpty());
    }
  }
}
