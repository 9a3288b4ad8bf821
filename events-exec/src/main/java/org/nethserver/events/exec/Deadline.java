package org.nethserver.events.exec;

import java.time.Duration;

/**
 * A point of {@link System#nanoTime}.
 *
 * @param nanos may be compared by differences alone
 */
record Deadline(long nanos) {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  static Deadline in(Duration time) {
    Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
    return new Deadline(System.nanoTime() + Math.max(0, bounded.toNanos()));
  }

  Deadline earlier(Deadline other) {
    return other.nanos - nanos < 0 ? other : this;
  }

  boolean isOver(long now) {
    return nanos - now <= 0;
  }
}
