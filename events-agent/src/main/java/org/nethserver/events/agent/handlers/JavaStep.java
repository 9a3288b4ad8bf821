package org.nethserver.events.agent.handlers;

import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/** A handler to call. */
final class JavaStep implements Step {
  private static final Execution NOTHING = _ -> {};

  private final JavaSteps steps;
  private final EventHandler handler;
  private final HandlerSite site;
  private final byte[] label;

  JavaStep(JavaSteps steps, EventHandler handler, HandlerSite site) {
    this.steps = steps;
    this.handler = handler;
    this.site = site;
    this.label = RunningHandlers.label(site);
  }

  JavaSteps steps() {
    return steps;
  }

  EventHandler handler() {
    return handler;
  }

  HandlerSite site() {
    return site;
  }

  /** Returns the name of the step and its plugin, as {@link RunningHandlers} shows it. */
  byte[] label() {
    return label;
  }

  @Override
  public boolean answers(EventSource source) {
    return site.answers(source);
  }

  @Override
  public Execution start(StepRun run, StepListener listener) {
    @Nullable HandlerThread thread;
    try {
      thread = steps.threads().take();
    } catch (OutOfMemoryError e) {
      // Not of the heap, which ends the process: the system lets us have no more threads.
      listener.ended(
          new Outcome.Skipped(
              "the system gives no thread for it ("
                  + e.getMessage()
                  + "); see TasksMax= of the unit"));
      return NOTHING;
    }
    if (thread == null) {
      listener.ended(new Outcome.Skipped(steps.whyNoThreadIsFree()));
      return NOTHING;
    }
    HandlerCall call = new HandlerCall(this, run, listener);
    site.began();
    listener.started();
    thread.run(call);
    return call;
  }
}
