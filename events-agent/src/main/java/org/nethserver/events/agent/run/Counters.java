package org.nethserver.events.agent.run;

import java.util.concurrent.atomic.AtomicLong;

/** What happened since the process started. Any thread. */
public final class Counters {
  /** Messages that came, refused and rejected ones included. */
  public final AtomicLong received = new AtomicLong();

  /** Messages whose channel is none of an event. */
  public final AtomicLong refused = new AtomicLong();

  /** Events that found the queue full. */
  public final AtomicLong rejected = new AtomicLong();

  /** Events for which no agent had steps, as far as all were asked when they came. */
  public final AtomicLong unhandled = new AtomicLong();

  /** Runs that ended, however. */
  public final AtomicLong runs = new AtomicLong();

  /** Runs that were aborted or timed out. */
  public final AtomicLong failed = new AtomicLong();

  /** Calls of handlers that did not return when they should, and were given up. */
  public final AtomicLong abandoned = new AtomicLong();

  /** Times without subscription after the first, in which events may have been missed. */
  public final AtomicLong gaps = new AtomicLong();

  /** Returns the counts in words, for the last line and for systemd's status. */
  public String summary() {
    return received
        + " events received, "
        + refused
        + " refused, "
        + rejected
        + " rejected, "
        + gaps
        + " gaps; "
        + runs
        + " runs, "
        + failed
        + " failed"
        + (abandoned.get() == 0 ? "" : ", " + abandoned + " handler calls given up");
  }
}
