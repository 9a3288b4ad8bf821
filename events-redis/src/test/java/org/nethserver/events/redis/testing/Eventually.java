package org.nethserver.events.redis.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions instead of sleeping. */
public final class Eventually {
  private Eventually() {}

  /**
   * Waits until the condition holds.
   *
   * @param what the condition in words, for the failure's message
   * @param limit the longest wait
   * @param condition what to ask again and again; while it throws it does not hold
   * @throws AssertionError if it does not hold in time
   */
  public static void await(String what, Duration limit, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    Exception last = null;
    do {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    } while (System.nanoTime() < deadline);
    throw new AssertionError("not within " + limit + ": " + what, last);
  }
}
