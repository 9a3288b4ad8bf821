package org.nethserver.events.distribution.benchmarks;

import java.time.Duration;

/**
 * How much is measured in a round.
 *
 * @param starts starts of each agent
 * @param warmUps answered events before those that count
 * @param blocks alternations where events come one by one
 * @param paced events in each of these blocks
 * @param runs events of a flood that steps answer
 * @param calls events of a flood that a handler answers
 * @param unheard events that nobody answers
 * @param settling how long an agent is left alone before it is called idle
 * @param idling how long it is watched then
 */
record Scale(
    int starts,
    int warmUps,
    int blocks,
    int paced,
    int runs,
    int calls,
    int unheard,
    Duration settling,
    Duration idling) {
  /** For figures to publish. */
  static final Scale FULL =
      new Scale(
          10, 500, 6, 60, 3_000, 300_000, 200_000, Duration.ofSeconds(5), Duration.ofSeconds(20));

  /** To see that everything can be measured. */
  static final Scale QUICK =
      new Scale(2, 20, 2, 20, 200, 5_000, 8_000, Duration.ofMillis(200), Duration.ofMillis(500));

  /** How many events one subject answers in a flood. */
  int flood(Subject subject) {
    return subject.isInProcess() ? calls : runs;
  }

  /** How many of them may wait for an answer: few enough that none is rejected. */
  int outstanding(Subject subject) {
    return subject.isInProcess() ? 4_096 : 16;
  }
}
