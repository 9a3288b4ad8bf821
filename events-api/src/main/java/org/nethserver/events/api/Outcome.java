package org.nethserver.events.api;

import java.time.Duration;

/** How a step ended. Only {@link Completed} and {@link Skipped} let the next step run. */
public sealed interface Outcome {
  /** The step did what it is for: a script's exit code 0. */
  record Completed() implements Outcome {}

  /**
   * The step said that it failed: the run is aborted.
   *
   * @param code the exit code, 1 to 255
   */
  record Failed(int code) implements Outcome {}

  /**
   * A signal that the agent did not send ended the step: the run is aborted.
   *
   * @param signal the signal's number, such as 9
   */
  record Killed(int signal) implements Outcome {}

  /**
   * The step ran beyond its time limit and was ended by the agent: the run is aborted.
   *
   * @param limit the limit that it exceeded
   */
  record TimedOut(Duration limit) implements Outcome {}

  /** The step was ended because the agent stops: the run is aborted. */
  record Stopped() implements Outcome {}

  /**
   * The step could not be started: the next one runs.
   *
   * @param why the reason and the cure in one line, such as {@code not executable (mode 0644); run
   *     chmod +x}
   */
  record Skipped(String why) implements Outcome {}
}
