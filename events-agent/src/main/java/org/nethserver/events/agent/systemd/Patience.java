package org.nethserver.events.agent.systemd;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits in growing pauses, 50 µs to 5 ms, until a limit is over. For a receiver that can be asked
 * but not waited for without blocking a carrier thread.
 */
public final class Patience {
  private static final long FIRST = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(5);

  private final long end;
  private long pause = FIRST;

  /** Begins now and lasts for the limit. */
  public Patience(Duration limit) {
    end = System.nanoTime() + limit.toNanos();
  }

  /**
   * Pauses once. An interrupt does not shorten it and is kept for the caller.
   *
   * @return false, without a pause, if the limit is over
   */
  public boolean pause() {
    if (System.nanoTime() - end >= 0) {
      return false;
    }
    boolean interrupted = Thread.interrupted();
    try {
      LockSupport.parkNanos(pause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    pause = Math.min(2 * pause, LONGEST);
    return true;
  }
}
