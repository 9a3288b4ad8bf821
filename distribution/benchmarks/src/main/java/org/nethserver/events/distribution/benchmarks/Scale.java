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
 * @param loaded runs, over all hosted agents, before these are called so; 0 if they are not watched
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
          /* starts= */ 10,
          /* warmUps= */ 500,
          /* stretches= */ 3,
          /* blocks= */ 8,
          /* paced= */ 30,
          /* floods= */ 6,
          /* runs= */ 500,
          /* calls= */ 50_000,
          /* unheard= */ 40_000,
          /* worked= */ 2_000,
          /* loaded= */ 20_000,
          /* settling= */ Duration.ofSeconds(5),
          /* idling= */ Duration.ofSeconds(30));

  /** For the cost as it grows. */
  static final Scale GROWTH =
      new Scale(
          /* starts= */ 3,
          /* warmUps= */ 100,
          /* stretches= */ 1,
          /* blocks= */ 8,
          /* paced= */ 30,
          /* floods= */ 4,
          /* runs= */ 250,
          /* calls= */ 10_000,
          /* unheard= */ 2_000,
          /* worked= */ 2_000,
          /* loaded= */ 0,
          /* settling= */ Duration.ofSeconds(3),
          /* idling= */ Duration.ofSeconds(30));

  /** For what a journal adds, which is to be seen beside what chance does. */
  static final Scale JOURNAL =
      new Scale(
          /* starts= */ 10,
          /* warmUps= */ 500,
          /* stretches= */ 7,
          /* blocks= */ 8,
          /* paced= */ 30,
          /* floods= */ 6,
          /* runs= */ 500,
          /* calls= */ 0,
          /* unheard= */ 40_000,
          /* worked= */ 2_000,
          /* loaded= */ 0,
          /* settling= */ Duration.ofSeconds(5),
          /* idling= */ Duration.ZERO);

  /** To see that everything can be measured. */
  static final Scale QUICK =
      new Scale(
          /* starts= */ 2,
          /* warmUps= */ 20,
          /* stretches= */ 1,
          /* blocks= */ 2,
          /* paced= */ 20,
          /* floods= */ 2,
          /* runs= */ 100,
          /* calls= */ 2_000,
          /* unheard= */ 2_000,
          /* worked= */ 100,
          /* loaded= */ 200,
          /* settling= */ Duration.ofMillis(200),
          /* idling= */ Duration.ofMillis(500));

  /** How many events one subject answers in a flood. */
  int flood(Subject subject) {
    return subject.isInProcess() ? calls : runs;
  }

  /** How many of them may wait for an answer: few enough that none is rejected. */
  int outstanding(Subject subject) {
    return subject.isInProcess() ? 4_096 : 16;
  }
}
