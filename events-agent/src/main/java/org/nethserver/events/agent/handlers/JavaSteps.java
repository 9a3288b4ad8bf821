package org.nethserver.events.agent.handlers;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.spi.Step;

/**
 * Makes steps of handlers, and owns the threads that call them: as many at most as steps may run at
 * once. A call that was given up keeps its thread, and so its place, until it returns.
 *
 * <p>Life cycle: made before the first step; {@link #close} after the last call has ended or was
 * given up.
 *
 * <p>Threads: any.
 */
public final class JavaSteps implements AutoCloseable {
  private final HandlerThreads threads;
  private final Duration timeLimit;
  private final Counters counters;
  private final Set<HandlerCall> abandoned = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledThreadPoolExecutor timer;

  /**
   * Makes no thread before the first call.
   *
   * @param limits how many calls at once, and how long handlers are told that they may take
   * @param counters where calls that are given up are counted
   */
  public JavaSteps(Limits limits, Counters counters) {
    this.threads = new HandlerThreads(limits.maxConcurrency());
    this.timeLimit = limits.stepTimeout();
    this.counters = counters;
  }

  /**
   * Makes a step of a handler; it can be started any number of times.
   *
   * @param handler what to call
   * @param site where it comes from
   */
  public Step step(EventHandler handler, HandlerSite site) {
    return new JavaStep(this, handler, site);
  }

  /**
   * Lets all threads go that have called handlers so far, each after its present call. What
   * handlers left in the threads' locals goes with them: without this an old plugin could not be
   * unloaded.
   */
  public void renewThreads() {
    threads.renew();
  }

  /** Names the handlers that are being called: each with its plugin and its event. */
  public List<String> running() {
    return threads.running();
  }

  /** Lets the threads go. */
  @Override
  public void close() {
    threads.close();
    synchronized (this) {
      if (timer != null) {
        timer.shutdownNow();
      }
    }
  }

  HandlerThreads threads() {
    return threads;
  }

  /** Returns how long a call may take; zero for no limit. */
  Duration timeLimit() {
    return timeLimit;
  }

  /** Runs a task when the grace is over. */
  synchronized void after(Duration grace, Runnable task) {
    if (timer == null) {
      timer =
          new ScheduledThreadPoolExecutor(
              1, runnable -> HandlerThreads.daemon("handler-grace", runnable));
      timer.setKeepAliveTime(1, TimeUnit.MINUTES);
      timer.allowCoreThreadTimeOut(true);
    }
    if (!timer.isShutdown()) {
      timer.schedule(task, grace.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  void abandoned(HandlerCall call) {
    counters.abandoned.incrementAndGet();
    abandoned.add(call);
  }

  /** A call that was given up has returned after all. */
  void returned(HandlerCall call) {
    abandoned.remove(call);
  }

  String whyNoThreadIsFree() {
    Set<String> plugins = new TreeSet<>();
    abandoned.forEach(call -> plugins.add('"' + call.plugin() + '"'));
    return "no thread is free: "
        + abandoned.size()
        + " of "
        + threads.places()
        + " are held by calls that do not return, of plugin "
        + String.join(", ", plugins)
        + "; mend it and restart the agent";
  }
}
