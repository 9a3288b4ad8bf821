package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
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
    each(listener -> listener.runStarted(event));
  }

  @Override
  public void stepStarted(StepWatch step) {
    each(listener -> listener.stepStarted(step));
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    each(listener -> listener.output(step, stream, line));
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    each(listener -> listener.stepEnded(step, outcome));
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    each(listener -> listener.retrying(step, delay));
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    each(listener -> listener.runEnded(event, last, outcome));
  }

  @Override
  public void environmentMissing(Event event, String why) {
    each(listener -> listener.environmentMissing(event, why));
  }

  @Override
  public void vanished(Event event) {
    each(listener -> listener.vanished(event));
  }

  @Override
  public void policyUnused(String why) {
    each(listener -> listener.policyUnused(why));
  }

  @Override
  public void filtered(Event event, String why) {
    each(listener -> listener.filtered(event, why));
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    each(listener -> listener.invalid(event, why, runs));
  }

  @Override
  public void superseded(Event event, Event by) {
    each(listener -> listener.superseded(event, by));
  }

  @Override
  public void rejected(Event event) {
    each(listener -> listener.rejected(event));
  }

  private void each(Consumer<RunListener> telling) {
    for (RunListener listener : listeners) {
      telling.accept(listener);
    }
  }
}
