package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/**
 * One event on one agent: its steps one after the other, up to the first failure. Lives on the
 * dispatch thread, but for the {@link Watch}.
 */
final class Run {
  private final RunContext context;
  private final Event event;
  private final Policy policy;
  private final Iterator<StepEntry> steps;
  private final Variables variables;
  private final Course course;
  private volatile @Nullable Watch running;
  private Outcome last = new Outcome.Completed();

  /** Why the agent ended the running step, if it did. */
  private @Nullable Outcome forced;

  private boolean stopping;

  /** The step that runs, or ran last, and how often it has been started. */
  private StepEntry entry;

  private int attempt;

  /** Told of what becomes of a run. */
  interface Course {
    /** It waits for so long, with nothing running, and is to be resumed then. */
    void rests(Run run, Duration delay);

    /** It is over. */
    void ended(Run run);
  }

  /**
   * Makes a run, which does nothing yet.
   *
   * @param steps one at least
   */
  Run(RunContext context, Event event, Policy policy, Iterator<StepEntry> steps, Course course) {
    this.context = context;
    this.event = event;
    this.policy = policy;
    this.steps = steps;
    this.entry = steps.next();
    this.variables =
        context
            .environment()
            .variables(event, why -> context.listener().environmentMissing(event, why));
    this.course = course;
  }

  Event event() {
    return event;
  }

  /** Starts the step that is next: the first, or once more the one that failed. */
  void start() {
    attempt++;
    String id = context.stepRuns().get();
    Watch watch = new Watch(new RunListener.StepWatch(event, entry, id, attempt));
    running = watch;
    forced = null;
    switch (entry.disposition()) {
      case Disposition.Runs runs -> watch.start(runs.step());
      case Disposition.Refused refused -> watch.ended(new Outcome.Skipped(refused.why()));
      case Disposition.Masks _, Disposition.PassedOver _, Disposition.Document _ ->
          throw new IllegalStateException("not a step to run: " + entry.name());
    }
  }

  /** Ends the running step and all that it started; the later steps do not run. */
  void stop(Duration grace) {
    stopping = true;
    force(new Outcome.Stopped(), grace);
  }

  /** Ends the run while it rests. */
  void giveUp() {
    end(RunOutcome.of(new Outcome.Stopped()));
  }

  private void force(Outcome reason, Duration grace) {
    Step.Execution execution = execution();
    if (execution != null) {
      // The first reason stays: what comes later only shortens the grace.
      forced = forced == null ? reason : forced;
      execution.stop(grace);
    }
  }

  /** Kills the running step. Any thread: the last resort when the dispatch thread is stuck. */
  void kill() {
    Step.Execution execution = execution();
    if (execution != null) {
      execution.stop(Duration.ZERO);
    }
  }

  private Step.@Nullable Execution execution() {
    Watch watch = running;
    return watch == null ? null : watch.execution;
  }

  private void stepEnded(Watch watch, Outcome reported) {
    if (running != watch) {
      return; // a step that broke its promise to end once
    }
    context.dispatcher().cancel(watch.deadline);
    running = null;
    last = forced != null && !(reported instanceof Outcome.Skipped) ? forced : reported;
    context.listener().stepEnded(watch.step, last);
    boolean goesOn = last instanceof Outcome.Completed || last instanceof Outcome.Skipped;
    if (goesOn && !stopping && steps.hasNext()) {
      entry = steps.next();
      attempt = 0;
      start();
      return;
    }
    Optional<Duration> delay =
        stopping
            ? Optional.empty()
            : policy
                .retry()
                .flatMap(
                    retry -> retry.after(last, attempt, ThreadLocalRandom.current().nextDouble()));
    if (delay.isPresent()) {
      context.listener().retrying(watch.step, delay.get());
      course.rests(this, delay.get());
      return;
    }
    end(stopping ? RunOutcome.of(new Outcome.Stopped()) : RunOutcome.of(last));
  }

  private void end(RunOutcome outcome) {
    context.listener().runEnded(event, entry, outcome);
    course.ended(this);
  }

  /** Hears of one step, on whichever thread, and brings its end to the dispatch thread. */
  private final class Watch implements StepListener {
    private final RunListener.StepWatch step;

    /** Read by {@link Run#kill} on whichever thread. */
    private volatile Step.@Nullable Execution execution;

    private Dispatcher.@Nullable Timer deadline;

    Watch(RunListener.StepWatch step) {
      this.step = step;
    }

    void start(Step toStart) {
      StepRun run =
          new StepRun(
              event,
              step.run(),
              variables.with("AGENT_STEP_RUN", step.run()),
              context.environment().directory());
      try {
        execution = toStart.start(run, this);
      } catch (Throwable e) {
        ForeignFailure.rethrowFatal(e);
        ended(new Outcome.Skipped("it failed to start: " + ForeignFailure.text(e)));
        return;
      }
      Duration limit = policy.timeout().orElse(context.limits().stepTimeout());
      if (!limit.isZero()) {
        deadline =
            context
                .dispatcher()
                .after(limit, () -> force(new Outcome.TimedOut(limit), Limits.TIMEOUT_GRACE));
      }
    }

    @Override
    public void started() {
      context.listener().stepStarted(step);
    }

    @Override
    public void output(Stream stream, byte[] line) {
      context.listener().output(step, stream, line);
    }

    @Override
    public void ended(Outcome outcome) {
      context.dispatcher().execute(() -> stepEnded(this, outcome));
    }
  }
}
