package org.nethserver.events.agent.handlers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.HandlerResult.Failure;
import org.nethserver.events.api.HandlerResult.NotForMe;
import org.nethserver.events.api.HandlerResult.Success;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/**
 * One call of a handler, from its start until it returns, which may be long after it was given up.
 *
 * <p>Threads: {@link #run} by a handler thread, {@link #stop} by any. This object's lock keeps an
 * interrupt from reaching the thread's next call.
 */
final class HandlerCall implements Step.Execution {
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  private enum State {
    /** Its thread has not taken it up yet. */
    GIVEN,
    INSIDE,
    ENDED,
    ABANDONED
  }

  private final JavaStep step;
  private final StepRun run;
  private final StepListener listener;
  private final HandlerLog log;
  private volatile boolean cancelled;

  /** Guarded by this. */
  private State state = State.GIVEN;

  /** Guarded by this: whom to interrupt while it is inside. */
  private @Nullable Thread thread;

  HandlerCall(JavaStep step, StepRun run, StepListener listener) {
    this.step = step;
    this.run = run;
    this.listener = listener;
    this.log = new HandlerLog(step.site().name().toString(), listener);
  }

  String plugin() {
    return step.site().plugin();
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Calls the handler and tells how it went, unless nobody waits for that any more. */
  void run(HandlerThread place) {
    if (!enter()) {
      step.site().ended();
      place.free();
      return;
    }
    place.running(step.label(), run.event().channel());
    Outcome outcome = call();
    boolean awaited = leave();
    step.site().ended();
    if (awaited) {
      // Free before the end is told: the next start comes with it, and must find this thread.
      place.free();
      listener.ended(outcome);
    } else {
      place.lost();
      step.steps().returned(this);
    }
  }

  private synchronized boolean enter() {
    if (state != State.GIVEN) {
      return false;
    }
    state = State.INSIDE;
    thread = Thread.currentThread();
    return true;
  }

  private synchronized boolean leave() {
    thread = null;
    Thread.interrupted(); // it was for this call
    boolean awaited = state == State.INSIDE;
    state = awaited ? State.ENDED : state;
    return awaited;
  }

  private Outcome call() {
    if (cancelled) {
      return new Outcome.Killed(SIGTERM);
    }
    Thread current = Thread.currentThread();
    @Nullable ClassLoader own = current.getContextClassLoader();
    current.setContextClassLoader(step.site().loader());
    try {
      return outcome(step.handler().handle(run.event(), new CallContext(step, run, this, log)));
    } catch (InterruptedException e) {
      // It did as it was told: what a script does that dies by TERM.
      return cancelled ? new Outcome.Killed(SIGTERM) : thrown(e);
    } catch (Throwable e) {
      // Errors too: they are the plugin's. A heap that is full ends the process before this.
      return thrown(e);
    } finally {
      current.setContextClassLoader(own);
    }
  }

  private Outcome outcome(@Nullable HandlerResult result) {
    return switch (result) {
      case Success _ -> new Outcome.Completed();
      case NotForMe notForMe -> {
        log.debug(notForMe.why());
        yield new Outcome.Completed();
      }
      case Failure failure -> {
        log.error(failure.why());
        yield new Outcome.Failed(failure.code());
      }
      case null -> {
        log.error("the handler returned null; let it return HandlerResult.success()");
        yield new Outcome.Failed(1);
      }
    };
  }

  private Outcome thrown(Throwable failure) {
    if (failure instanceof LinkageError) {
      log.error(
          "plugin \""
              + plugin()
              + "\" does not fit together: it may be built for another version of the API or of a"
              + " library; build it with the API of this installation, and bring its libraries");
    }
    log.error(failure);
    return new Outcome.Failed(1);
  }

  @Override
  public void stop(Duration grace) {
    synchronized (this) {
      if (state == State.ENDED || state == State.ABANDONED) {
        return;
      }
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
    if (grace.isZero() || grace.isNegative()) {
      abandon();
    } else {
      step.steps().after(grace, this::abandon);
    }
  }

  /** Waits for it no longer. */
  private void abandon() {
    boolean inside;
    synchronized (this) {
      if (state == State.ENDED || state == State.ABANDONED) {
        return;
      }
      inside = state == State.INSIDE;
      state = State.ABANDONED;
      if (inside) {
        // Within the lock: leave() finds it there.
        step.steps().abandoned(this);
      }
    }
    if (inside) {
      step.site().stuck(why());
    }
    listener.ended(new Outcome.Killed(SIGKILL));
  }

  private String why() {
    return "plugin \""
        + plugin()
        + "\" is stuck: its handler \""
        + step.site().name()
        + "\" was interrupted amid "
        + run.event().channel()
        + " and has not returned; it is not called again until the plugin is mended and loaded"
        + " anew, or the agent restarts";
  }
}
