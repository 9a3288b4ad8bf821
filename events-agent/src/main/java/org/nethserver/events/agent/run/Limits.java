package org.nethserver.events.agent.run;

import java.time.Duration;

/**
 * The bounds of an agent.
 *
 * @param maxConcurrency how many steps run at once, exactly
 * @param queue how much may wait
 * @param ordering which events wait for each other
 * @param stepTimeout how long one step may run; zero for no limit
 */
public record Limits(int maxConcurrency, Queue queue, Ordering ordering, Duration stepTimeout) {
  /** What applies where nothing else is said. */
  public static final Limits DEFAULT =
      new Limits(32, new Queue(10_000, 64L << 20), Ordering.CHANNEL, Duration.ofHours(1));

  /** How long a step that exceeded its time may take to end after TERM. */
  static final Duration TIMEOUT_GRACE = Duration.ofSeconds(10);

  /** Checks the bounds. */
  public Limits {
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("at least one step must be allowed at once");
    }
    if (stepTimeout.isNegative()) {
      throw new IllegalArgumentException("a time limit cannot be negative");
    }
  }

  /**
   * How much may wait.
   *
   * @param events how many events
   * @param bytes how many bytes of payload
   */
  public record Queue(int events, long bytes) {
    /** Checks the bounds. */
    public Queue {
      if (events < 0 || bytes < 0) {
        throw new IllegalArgumentException("the bounds of the queue cannot be negative");
      }
    }

    /** Tells whether one more payload fits beside what waits. */
    boolean admits(int waiting, long waitingBytes, long size) {
      return waiting < events && waitingBytes + size <= bytes;
    }
  }

  /** Which events wait for each other. */
  public enum Ordering {
    /** Events of one channel run one after the other, in order of arrival. */
    CHANNEL,
    /** All run at once, as far as there are places. */
    NONE
  }
}
