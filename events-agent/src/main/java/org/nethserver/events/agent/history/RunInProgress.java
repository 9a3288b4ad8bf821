package org.nethserver.events.agent.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.RunListener.StepWatch;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;

/**
 * A run as it goes on.
 *
 * <p>Threads: the dispatch thread's until {@link #end}, then the writer's; what never changes is
 * any thread's.
 */
final class RunInProgress {
  /** Of all steps of a run together: a line of the history has its bounds. */
  private static final int MAX_OUTPUT = 64 * 1024;

  /** What a run takes in memory besides its output, roughly. */
  private static final int SMALL = 512;

  final String key;
  final Event event;
  final Instant began = Instant.now();
  private final long start = System.nanoTime();
  private final List<StepInProgress> steps = new ArrayList<>();

  private Duration took = Duration.ZERO;
  private String last = "";
  private RunOutcome outcome = new RunOutcome("", 0);

  /** Whether there is no need any more to say that it began. */
  private volatile boolean ended;

  /** Whether its beginning stands in the history, or will. The writer's. */
  boolean told;

  RunInProgress(String key, Event event) {
    this.key = key;
    this.event = event;
  }

  /** One step, whatever number of times it was started. */
  static final class StepInProgress {
    final String name;
    final Instant began = Instant.now();
    final OutputTail output = new OutputTail();
    private final long start = System.nanoTime();
    private int attempts;
    private Duration took = Duration.ZERO;
    private @Nullable Outcome outcome;

    StepInProgress(String name) {
      this.name = name;
    }

    int attempts() {
      return attempts;
    }

    Duration took() {
      return took;
    }

    Outcome outcome() {
      return outcome == null ? new Outcome.Stopped() : outcome;
    }
  }

  /** A step is started, perhaps again; or cannot be. */
  StepInProgress step(StepWatch watch) {
    String name = watch.entry().name().toString();
    StepInProgress step = steps.isEmpty() ? null : steps.getLast();
    if (step == null || !step.name.equals(name)) {
      step = new StepInProgress(name);
      steps.add(step);
    }
    step.attempts = watch.attempt();
    return step;
  }

  /** A step that was started has ended, or one could not be. */
  void stepEnded(StepWatch watch, Outcome how) {
    StepInProgress step = step(watch);
    step.outcome = how;
    step.took = Duration.ofNanos(System.nanoTime() - step.start);
    int kept = 0;
    for (StepInProgress each : steps.reversed()) {
      kept += each.output.size();
      if (kept > MAX_OUTPUT && each != step) {
        each.output.forget();
      }
    }
  }

  void end(String lastStep, RunOutcome how) {
    last = lastStep;
    outcome = how;
    took = Duration.ofNanos(System.nanoTime() - start);
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  Duration took() {
    return took;
  }

  String last() {
    return last;
  }

  RunOutcome outcome() {
    return outcome;
  }

  List<StepInProgress> steps() {
    return steps;
  }

  int size() {
    return SMALL + steps.stream().mapToInt(step -> SMALL + step.output.size()).sum();
  }

  void forgetOutput() {
    steps.forEach(step -> step.output.forget());
  }
}
