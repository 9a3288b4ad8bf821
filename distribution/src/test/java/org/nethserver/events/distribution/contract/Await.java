package org.nethserver.events.distribution.contract;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/** Waits for conditions, each with a deadline and a message. */
final class Await {
  /** Long enough for a busy machine; a test that passes never waits for it. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final long PAUSE_NANOS = 2_000_000;

  private Await() {}

  /** Waits until the condition holds; fails with the message after {@link #LIMIT}. */
  static void until(String wanted, BooleanSupplier condition) {
    until(wanted, LIMIT, condition, () -> "");
  }

  /**
   * Waits until the condition holds.
   *
   * @param wanted what is waited for
   * @param limit how long at most
   * @param state told in the failure's message
   */
  static void until(
      String wanted, Duration limit, BooleanSupplier condition, Supplier<String> state) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionFailedError(
            "after " + limit.toSeconds() + " s still not: " + wanted + "\n" + state.get());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
