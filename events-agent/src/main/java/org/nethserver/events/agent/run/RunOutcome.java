package org.nethserver.events.agent.run;

import org.nethserver.events.api.Outcome;

/**
 * How a run ended, in the words of the log.
 *
 * @param status {@code completed}, {@code aborted}, {@code timed-out} or {@code stopped}
 * @param code the exit code; -1 for a signal
 */
public record RunOutcome(String status, int code) {
  /** All steps that could be started were completed. */
  static final RunOutcome COMPLETED = new RunOutcome("completed", 0);

  /** Returns how a run ends with the outcome of its last step. */
  static RunOutcome of(Outcome last) {
    return switch (last) {
      case Outcome.Completed _, Outcome.Skipped _ -> COMPLETED;
      case Outcome.Failed failed -> new RunOutcome("aborted", failed.code());
      case Outcome.Killed _ -> new RunOutcome("aborted", -1);
      case Outcome.TimedOut _ -> new RunOutcome("timed-out", -1);
      case Outcome.Stopped _ -> new RunOutcome("stopped", -1);
    };
  }

  /** Tells whether the agent ended the run because it stops. */
  public boolean stopped() {
    return status.equals("stopped");
  }

  /** Tells whether an administrator should look. */
  public boolean failed() {
    return code != 0;
  }
}
