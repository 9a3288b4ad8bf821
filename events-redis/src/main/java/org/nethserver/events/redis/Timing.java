package org.nethserver.events.redis;

import java.time.Duration;

/**
 * How long to wait for what. Tests shorten some; users set none.
 *
 * @param connect the longest wait for a name to resolve, for a connection to be accepted, and for
 *     the greeting (TLS, HELLO) that follows; each by itself
 * @param confirm the longest wait for the confirmation of a subscription
 * @param silence after how long without a byte from the server a PING is sent; after twice as long
 *     the connection is given up
 * @param answer the longest wait for the answer to a PUBLISH
 * @param firstRetry the wait before the second attempt; it doubles from attempt to attempt
 * @param absentRetry the longest wait while nobody answers. An attempt is cheap then, and a server
 *     that comes back must be found within a second
 * @param refusedRetry the longest wait while the server says no, to a password for instance: each
 *     attempt costs the server work and a line in its log
 */
record Timing(
    Duration connect,
    Duration confirm,
    Duration silence,
    Duration answer,
    Duration firstRetry,
    Duration absentRetry,
    Duration refusedRetry) {
  /**
   * A dead connection is noticed after 14 s: two silences, within the 15 s promised. Shorter ones
   * would cost an idle agent more: each PING wakes it twice.
   */
  static final Timing STANDARD =
      new Timing(
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(7),
          Duration.ofSeconds(10),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(5));

  /** Returns the same with another {@link #silence}. */
  Timing withSilence(Duration other) {
    return new Timing(connect, confirm, other, answer, firstRetry, absentRetry, refusedRetry);
  }

  /** Returns the same with another {@link #answer}. */
  Timing withAnswer(Duration other) {
    return new Timing(connect, confirm, silence, other, firstRetry, absentRetry, refusedRetry);
  }

  /** Returns the same with another {@link #confirm}. */
  Timing withConfirm(Duration other) {
    return new Timing(connect, other, silence, answer, firstRetry, absentRetry, refusedRetry);
  }
}
