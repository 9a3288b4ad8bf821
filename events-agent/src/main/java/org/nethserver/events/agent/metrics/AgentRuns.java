package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;

/** Counts the runs of one agent. Lives on the dispatch thread. */
final class AgentRuns implements RunListener {
  private final RunFigures figures;
  private final String agent;

  /** When what runs began, by event or start of a step. */
  private final Map<Object, Long> began = new IdentityHashMap<>();

  AgentRuns(RunFigures figures, String agent) {
    this.figures = figures;
    this.agent = agent;
  }

  @Override
  public void runStarted(Event event) {
    began.put(event, System.nanoTime());
  }

  @Override
  public void stepStarted(StepWatch step) {
    began.put(step, System.nanoTime());
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    // One that was skipped was not started.
    observe(figures.stepSeconds, began.remove(step));
    figures.steps.labelValues(agent, RunFigures.outcome(outcome)).inc();
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    observe(figures.runSeconds, began.remove(event));
    figures
        .runs
        .labelValues(agent, figures.events.label(event.name().text()), outcome.status())
        .inc();
  }

  private void observe(Histogram seconds, @Nullable Long start) {
    if (start != null) {
      double nanos = System.nanoTime() - start;
      seconds.labelValues(agent).observe(nanos / TimeUnit.SECONDS.toNanos(1));
    }
  }

  @Override
  public void policyUnused(String why) {
    figures.unused.labelValues(agent).inc();
  }

  @Override
  public void filtered(Event event, String why) {
    figures.filtered.labelValues(agent).inc();
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    figures.invalid.labelValues(agent).inc();
  }

  @Override
  public void superseded(Event event, Event by) {
    figures.superseded.labelValues(agent).inc();
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    figures.retries.labelValues(agent).inc();
  }

  @Override
  public void vanished(Event event) {
    figures.vanished.labelValues(agent).inc();
  }
}
