package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of the subscription: tells each change once, and each gap, in which events may have
 * been missed. Lives on the dispatch thread.
 */
public final class Subscription {
  private final Listener listener;
  private final Counters counters;
  private final LongSupplier nanoTime;
  private @Nullable String trouble;
  private boolean subscribed;
  private boolean everSubscribed;
  private long lostAt;
  private long nanosLost;

  /** Hears of changes. */
  public interface Listener {
    /** The first subscription of this process is confirmed. */
    void ready();

    /**
     * Subscribed again after a gap.
     *
     * @param gap how long there was no subscription
     */
    void restored(Duration gap);

    /**
     * There is no subscription, for a reason that was not told yet.
     *
     * @param why the reason
     */
    void unavailable(String why);
  }

  /**
   * Makes the state of a subscription that is not there yet.
   *
   * @param nanoTime a clock that never jumps
   */
  public Subscription(Listener listener, Counters counters, LongSupplier nanoTime) {
    this.listener = listener;
    this.counters = counters;
    this.nanoTime = nanoTime;
  }

  /** Tells whether events are heard. */
  public boolean established() {
    return subscribed;
  }

  /** Returns why there is no subscription; null where nothing was told of it. */
  public @Nullable String trouble() {
    return trouble;
  }

  /** Returns how long there was none since the first, all gaps together. */
  public Duration gaps() {
    boolean lost = everSubscribed && !subscribed;
    return Duration.ofNanos(nanosLost + (lost ? nanoTime.getAsLong() - lostAt : 0));
  }

  void subscribed() {
    trouble = null;
    if (subscribed) {
      lostAt = nanoTime.getAsLong(); // lost and restored within one message
    }
    subscribed = true;
    if (everSubscribed) {
      counters.gaps.incrementAndGet();
      long gap = nanoTime.getAsLong() - lostAt;
      nanosLost += gap;
      listener.restored(Duration.ofNanos(gap));
    } else {
      everSubscribed = true;
      listener.ready();
    }
  }

  void unavailable(String why) {
    if (subscribed) {
      subscribed = false;
      lostAt = nanoTime.getAsLong();
    }
    if (!why.equals(trouble)) {
      trouble = why;
      listener.unavailable(why);
    }
  }
}
