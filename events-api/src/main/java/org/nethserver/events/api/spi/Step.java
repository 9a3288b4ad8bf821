package org.nethserver.events.api.spi;

import java.time.Duration;
import org.nethserver.events.api.EventSource;

/**
 * Something that can answer an event once: a script, a Java handler. Made by a {@link StepSource},
 * which may return the same step for as long as nothing about it changes: it is started any number
 * of times, also while it runs.
 */
public interface Step {
  /**
   * Tells whether the step answers events of a source. One that does not is passed by without a
   * word; it replaces steps of its name in earlier sources of steps all the same. Called by the
   * agent's dispatch thread, on every event: quick, and throws nothing.
   *
   * @param source who tells of the event
   */
  default boolean answers(EventSource source) {
    return true;
  }

  /**
   * Starts the step and returns without waiting for its end. Called by the agent's dispatch thread;
   * may take as long as the start of a process takes, no longer.
   *
   * <p>The listener is told, in this order:
   *
   * <ol>
   *   <li>{@link StepListener#started()}, once, during this call, before any output; or not at all
   *       if the step cannot be started.
   *   <li>{@link StepListener#output}, any number of times, from any one thread at a time.
   *   <li>{@link StepListener#ended}, exactly once, from any thread, perhaps during this call.
   *       Output of what the step left in the background may follow it.
   * </ol>
   *
   * @param run what to run it with
   * @param listener whom to tell
   * @return the running step; stopping one that has ended does nothing
   */
  Execution start(StepRun run, StepListener listener);

  /** A started step. */
  interface Execution {
    /**
     * Ends the step and all that it started: first politely, then, after the grace, by force. Does
     * not wait; {@link StepListener#ended} follows within the grace and a moment. A second call can
     * only shorten the grace. Any thread.
     *
     * @param grace how long the step may take to end by itself; zero means by force at once
     */
    void stop(Duration grace);
  }
}
