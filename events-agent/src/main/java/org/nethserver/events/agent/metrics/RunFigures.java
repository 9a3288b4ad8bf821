package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.api.Outcome;

/** Figures of runs and steps, by agents. Lives on the dispatch thread; figures are read on any. */
final class RunFigures {
  private static final int MAX_EVENTS = 200;
  private static final List<String> STEP_OUTCOMES =
      List.of("completed", "skipped", "failed", "killed", "timed-out", "stopped");

  final EventLabels events = new EventLabels(MAX_EVENTS);
  final Counter runs;
  final Counter steps;
  final Counter filtered;
  final Counter invalid;
  final Counter superseded;
  final Counter retries;
  final Counter vanished;
  final Counter unused;
  final Histogram runSeconds;
  final Histogram stepSeconds;
  private final Set<String> agents = new HashSet<>();

  RunFigures(Figures figures) {
    runs = figures.counter("events_runs_total", "Runs that ended.", "agent", "event", "outcome");
    runSeconds =
        figures.durations(
            "events_run_duration_seconds",
            "How long runs took, all their steps together.",
            "agent");
    steps = figures.counter("events_steps_total", "Steps that ended.", "agent", "outcome");
    stepSeconds =
        figures.durations(
            "events_step_duration_seconds", "How long steps took, from their start.", "agent");
    filtered =
        figures.counter(
            "events_filtered_total", "Events of which their policy wanted no run.", "agent");
    invalid =
        figures.counter(
            "events_invalid_total",
            "Events whose payload was not what their policy asks for.",
            "agent");
    superseded =
        figures.counter(
            "events_superseded_total",
            "Events that waited until a later one took their place.",
            "agent");
    retries =
        figures.counter("events_retries_total", "Starts of steps that failed before.", "agent");
    unused =
        figures.counter(
            "events_policies_unused_total",
            "Times that a file with the policy of an event could not be used.",
            "agent");
    vanished =
        figures.counter(
            "events_vanished_total",
            "Events that waited, and for which there were no steps any more.",
            "agent");
  }

  /** Returns what hears of an agent's runs, whose figures are 0 from now on. */
  RunListener of(String agent) {
    agents.add(agent);
    // What appears with its first value has not risen, for those who ask how much it has.
    STEP_OUTCOMES.forEach(outcome -> steps.initLabelValues(agent, outcome));
    byAgent().forEach(counter -> counter.initLabelValues(agent));
    runSeconds.initLabelValues(agent);
    stepSeconds.initLabelValues(agent);
    return new AgentRuns(this, agent);
  }

  private List<Counter> byAgent() {
    return List.of(filtered, invalid, superseded, retries, unused, vanished);
  }

  /** Forgets all agents but these. */
  void retain(Set<String> hosted) {
    for (String agent : List.copyOf(agents)) {
      if (!hosted.contains(agent)) {
        agents.remove(agent);
        runs.removeIf(labels -> labels.getFirst().equals(agent));
        steps.removeIf(labels -> labels.getFirst().equals(agent));
        byAgent().forEach(counter -> counter.remove(agent));
        runSeconds.remove(agent);
        stepSeconds.remove(agent);
      }
    }
  }

  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> "completed";
      case Outcome.Skipped _ -> "skipped";
      case Outcome.Failed _ -> "failed";
      case Outcome.Killed _ -> "killed";
      case Outcome.TimedOut _ -> "timed-out";
      case Outcome.Stopped _ -> "stopped";
    };
  }
}
