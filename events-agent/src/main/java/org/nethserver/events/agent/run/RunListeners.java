package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.List;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Tells several listeners of all, one after the other. */
public final class RunListeners implements RunListener {
  private final RunListener[] listeners;

  private RunListeners(List<RunListener> listeners) {
    this.listeners = listeners.toArray(RunListener[]::new);
  }

  /** Returns what tells all of these, in this order. */
  public static RunListener of(List<RunListener> listeners) {
    return listeners.size() == 1 ? listeners.getFirst() : new RunListeners(listeners);
  }

  @Override
  public void runStarted(Event event) {
    for (RunListener listener : listeners) {
      listener.runStarted(event);
    }
  }

  @Override
  public void stepStarted(StepWatch step) {
    for (RunListener listener : listeners) {
      listener.stepStarted(step);
    }
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    for (RunListener listener : listeners) {
      listener.output(step, stream, line);
    }
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    for (RunListener listener : listeners) {
      listener.stepEnded(step, outcome);
    }
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    for (RunListener listener : listeners) {
      listener.retrying(step, delay);
    }
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    for (RunListener listener : listeners) {
      listener.runEnded(event, last, outcome);
    }
  }

  @Override
  public void environmentMissing(Event event, String why) {
    for (RunListener listener : listeners) {
      listener.environmentMissing(event, why);
    }
  }

  @Override
  public void vanished(Event event) {
    for (RunListener listener : listeners) {
      listener.vanished(event);
    }
  }

  @Override
  public void policyUnused(String why) {
    for (RunListener listener : listeners) {
      listener.policyUnused(why);
    }
  }

  @Override
  public void filtered(Event event, String why) {
    for (RunListener listener : listeners) {
      listener.filtered(event, why);
    }
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    for (RunListener listener : listeners) {
      listener.invalid(event, why, runs);
    }
  }

  @Override
  public void superseded(Event event, Event by) {
    for (RunListener listener : listeners) {
      listener.superseded(event, by);
    }
  }

  @Override
  public void rejected(Event event) {
    for (RunListener listener : listeners) {
      listener.rejected(event);
    }
  }
}
