package org.nethserver.events.distribution.benchmarks;

import java.time.Duration;

/**
 * How much is measured in a round. Whatever the machine does besides lasts longer than a block, so
 * that what two agents took in blocks next to each other can be compared.
 *
 * @param starts starts of each agent
 * @param warmUps answered events before those that count
 * @param stretches how often there are enough of them to see the slowest in a hundred
 * @param blocks alternations in each stretch
 * @param paced events in each of these blocks, one by one
 * @param floods alternations of floods
 * @param runs events of a flood that steps answer
 * @param calls events of a flood that a handler answers
 * @param unheard events of a flood that nobody answers
 * @param worked answered events before an agent is called one that has worked
 * @param loaded runs, over all hosted agents, before these are called so
 * @param settling how long an agent is left alone before it is called idle
 * @param idling how long it is watched then
 */
record Scale(
    int starts,
    int warmUps,
    int stretches,
    int blocks,
    int paced,
    int floods,
    int runs,
    int calls,
    int unheard,
    int worked,
    int loaded,
    Duration settling,
    Duration idling) {
  /** For figures to publish. */
  static final Scale FULL =
      new Scale(
          10,
          500,
          3,
          8,
          30,
          6,
          500,
          50_000,
          40_000,
          2_000,
          20_000,
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  /** For the cost as it grows. */
  static final Scale GROWTH =
      new Scale(
          3,
          100,
          1,
          8,
          30,
          4,
          250,
          10_000,
          2_000,
          2_000,
          2_000,
          Duration.ofSeconds(3),
          Duration.ofSeconds(30));

  /** To see that everything can be measured. */
  static final Scale QUICK =
      new Scale(
          2,
          20,
          1,
          2,
          20,
          2,
          100,
          2_000,
          2_000,
          100,
          200,
          Duration.ofMillis(200),
          Duration.ofMillis(500));

  /** How many events one subject answers in a flood. */
  int flood(Subject subject) {
    return subject.isInProcess() ? calls : runs;
  }

  /** How many of them may wait for an answer: few enough that none is rejected. */
  int outstanding(Subject subject) {
    return subject.isInProcess() ? 4_096 : 16;
  }
}
