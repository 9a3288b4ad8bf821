package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.Map;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/**
 * Hears of the runs of an agent. {@link #output} is called by the thread that reads the step's
 * output, for different steps by several at once; all others by the dispatch thread.
 */
public interface RunListener {
  /** An event has steps, and a place to run them: the run begins. */
  default void runStarted(Event event) {}

  /** A step runs. */
  default void stepStarted(StepWatch step) {}

  /** A step wrote a line. */
  default void output(StepWatch step, Stream stream, byte[] line) {}

  /** A step ended, or could not be started. */
  default void stepEnded(StepWatch step, Outcome outcome) {}

  /**
   * A run ended.
   *
   * @param last the last step that was tried
   */
  default void runEnded(Event event, StepEntry last, RunOutcome outcome) {}

  /** The file of an agent's variables could not be read; the run goes on. */
  default void environmentMissing(Event event, String why) {}

  /** An event that waited has no steps any more: there is no run. */
  default void vanished(Event event) {}

  /**
   * What an event's files say of how it is to run is not used.
   *
   * @param why which, why, and what to do
   */
  default void policyUnused(String why) {}

  /** The event's policy wants no run of it. */
  default void filtered(Event event, String why) {}

  /**
   * The payload is not what the event's policy asks for.
   *
   * @param runs whether there is a run all the same
   */
  default void invalid(Event event, String why, boolean runs) {}

  /** A later event takes the place of one that waited, of which there is no run. */
  default void superseded(Event event, Event by) {}

  /** A step that failed, as {@link #stepEnded} told, is started again after a while. */
  default void retrying(StepWatch step, Duration delay) {}

  /** The queue was full. */
  default void rejected(Event event) {}

  /**
   * One start of a step.
   *
   * @param event what it answers
   * @param entry which step
   * @param run an id of this start, unique
   * @param attempt counts the starts of this step in this run, from 1
   */
  record StepWatch(Event event, StepEntry entry, String run, int attempt) {
    /** Returns the fields of journal lines about this step. */
    public Map<String, String> fields(String agent) {
      return Map.of(
          "AGENT_ID", agent,
          "AGENT_EVENT_ID", event.id(),
          "AGENT_EVENT_NAME", event.name().text(),
          "AGENT_EVENT_SOURCE", event.source().text(),
          "AGENT_STEP", entry.name().toString(),
          "AGENT_STEP_RUN", run);
    }
  }
}
