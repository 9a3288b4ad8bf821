package org.nethserver.events.api;

import java.util.Objects;

/** How an {@link EventHandler} fared with an event: its exit code, so to speak. */
public sealed interface HandlerResult {
  /** The lowest code of a failure. */
  int MIN_CODE = 1;

  /** The highest code of a failure: that of an exit code. */
  int MAX_CODE = 255;

  /** It did what it is for: the next step runs, as after a script's exit code 0. */
  record Success() implements HandlerResult {}

  /**
   * It looked at the event and found nothing to do: the next step runs.
   *
   * @param why for the log, in a line at the level of debugging, such as {@code node 2 is not
   *     mine}; may be empty, and then nothing is logged
   */
  record NotForMe(String why) implements HandlerResult {
    /** Refuses null. */
    public NotForMe {
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * It failed: the run is aborted, as by a script's exit code.
   *
   * @param code 1 to 255; 75 is the usual one for what may succeed later
   * @param why for the log, as a line of the step's error output; may be empty, and then nothing is
   *     logged
   */
  record Failure(int code, String why) implements HandlerResult {
    /**
     * Checks the code.
     *
     * @throws IllegalArgumentException if the code is no exit code of a failure
     */
    public Failure {
      if (code < MIN_CODE || code > MAX_CODE) {
        throw new IllegalArgumentException(
            "the code of a failure is " + MIN_CODE + " to " + MAX_CODE + ", not " + code);
      }
      Objects.requireNonNull(why, "why");
    }
  }

  /** Returns a success. */
  static HandlerResult success() {
    return new Success();
  }

  /** Returns that there was nothing to do. */
  static HandlerResult notForMe() {
    return new NotForMe("");
  }

  /**
   * Returns that there was nothing to do.
   *
   * @param why the reason, for the log
   */
  static HandlerResult notForMe(String why) {
    return new NotForMe(why);
  }

  /**
   * Returns a failure.
   *
   * @param code 1 to 255
   * @param why the reason and the cure in one line, for the log; no payload and no secret
   * @throws IllegalArgumentException if the code is no exit code of a failure
   */
  static HandlerResult failure(int code, String why) {
    return new Failure(code, why);
  }
}
