package org.nethserver.events.agent.run;

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
  void stepStarted(StepWatch step);

  /** A step wrote a line. */
  void output(StepWatch step, Stream stream, byte[] line);

  /** A step ended, or could not be started. */
  void stepEnded(StepWatch step, Outcome outcome);

  /**
   * A run ended.
   *
   * @param last the last step that was tried
   */
  void runEnded(Event event, StepEntry last, RunOutcome outcome);

  /** The file of an agent's variables could not be read; the run goes on. */
  void environmentMissing(Event event, String why);

  /** An event that waited has no steps any more: there is no run. */
  default void vanished(Event event) {}

  /** The queue was full. */
  void rejected(Event event);

  /** A step: which event, which entry, which start. */
  record StepWatch(Event event, StepEntry entry, String run) {
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
