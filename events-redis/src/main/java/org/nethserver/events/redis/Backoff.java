package org.nethserver.events.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: longer and longer while it fails for the same kind of
 * reason, and from the beginning when the kind changes, since then something has moved.
 */
final class Backoff {
  private final Timing timing;
  private Diagnosis.@Nullable Kind kind;
  private Duration next;

  Backoff(Timing timing) {
    this.timing = timing;
    this.next = timing.firstRetry();
  }

  /** Returns the wait after one more failure of this kind. */
  Duration after(Diagnosis.Kind failure) {
    if (failure != kind) {
      kind = failure;
      next = timing.firstRetry();
    }
    Duration longest =
        switch (failure) {
          case ABSENT -> timing.absentRetry();
          case REFUSED -> timing.refusedRetry();
        };
    Duration now = next.compareTo(longest) < 0 ? next : longest;
    next = now.multipliedBy(2);
    return now;
  }

  /** Begins anew: an attempt succeeded. */
  void reset() {
    kind = null;
    next = timing.firstRetry();
  }
}
