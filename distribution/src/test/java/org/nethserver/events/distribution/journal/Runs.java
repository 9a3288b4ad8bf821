package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Holds what an agent ran against what was published and what is recorded. */
final class Runs {
  private final JournalingAgent agent;
  private final Traffic traffic;
  private final String why;

  /**
   * @param why named by each failure, such as the seed
   */
  Runs(JournalingAgent agent, Traffic traffic, String why) {
    this.agent = agent;
    this.traffic = traffic;
    this.why = why;
  }

  /** Returns the numbers of a channel in the order in which the step was first begun. */
  List<Integer> firsts(int channel, int step) throws IOException {
    return all(channel, step).stream().distinct().toList();
  }

  private List<Integer> all(int channel, int step) throws IOException {
    return agent.lines().stream()
        .filter(line -> line.channel() == channel && line.step() == step)
        .map(JournalingAgent.Line::number)
        .toList();
  }

  /** All that was published was run, once, in the order of its channel. */
  void assertOnceInOrder() throws IOException {
    int[] sent = traffic.sent();
    for (int channel = 0; channel < sent.length; channel++) {
      List<Integer> published = IntStream.range(0, sent[channel]).boxed().toList();
      for (int step = 1; step <= 2; step++) {
        assertEquals(published, all(channel, step), "channel " + channel + ", " + why);
      }
    }
    for (JournalingAgent.Line line : agent.lines()) {
      assertEquals(1, line.delivery(), line + ", " + why);
    }
  }

  /** All that was published was begun in the order of its channel, but for some events. */
  void assertInOrder(Set<String> exceptIds, List<JournalCluster.Recorded> recorded)
      throws IOException {
    for (int channel = 0; channel < traffic.sent().length; channel++) {
      List<Integer> wanted = new ArrayList<>();
      List<Integer> excepted = new ArrayList<>();
      for (JournalCluster.Recorded event : recorded) {
        if (event.channel().equals(traffic.channel(channel))) {
          (exceptIds.contains(event.position()) ? excepted : wanted).add(number(event));
        }
      }
      List<Integer> begun = new ArrayList<>(firsts(channel, 1));
      begun.removeAll(excepted);
      assertEquals(wanted, begun, "channel " + channel + ", " + why);
      List<Integer> ended = new ArrayList<>(firsts(channel, 2));
      ended.removeAll(excepted);
      assertEquals(wanted, ended, "channel " + channel + ", " + why);
    }
  }

  /** Tells whether all that is recorded was run. */
  boolean ran(List<JournalCluster.Recorded> recorded) throws IOException {
    Set<String> ran =
        agent.lines().stream()
            .filter(line -> line.step() == 2)
            .map(line -> traffic.channel(line.channel()) + line.number())
            .collect(Collectors.toSet());
    return recorded.stream().allMatch(event -> ran.contains(event.channel() + number(event)));
  }

  private static int number(JournalCluster.Recorded event) {
    return Integer.parseInt(event.payload().strip().replaceAll(".*:|}", ""));
  }

  /** The id of each run is the place of its event in the journal. */
  void assertIdsOfJournal(List<JournalCluster.Recorded> recorded) throws IOException {
    Map<String, String> ids = new HashMap<>();
    for (JournalCluster.Recorded event : recorded) {
      ids.put(event.channel() + number(event), event.position());
    }
    for (JournalingAgent.Line line : agent.lines()) {
      assertEquals(
          ids.get(traffic.channel(line.channel()) + line.number()), line.id(), line + ", " + why);
    }
  }

  /**
   * Each run begins at step 1 and has a delivery of its own, of which there are no more than 1 +
   * the crashes in it.
   */
  void assertNoMoreThanCrashes(Map<String, Integer> crashes) throws IOException {
    Map<String, Integer> next = new LinkedHashMap<>();
    for (JournalingAgent.Line line : agent.lines()) {
      String run = line.id() + " " + line.delivery();
      assertEquals(next.merge(run, 1, Integer::sum), line.step(), line + ", " + why);
      assertTrue(
          line.delivery() <= 1 + crashes.getOrDefault(line.id(), 0),
          line + " after " + crashes.get(line.id()) + " crashes, " + why);
    }
  }

  /**
   * What is promised whatever happens: all that is recorded was run, in the order of its channel
   * unless it was told that it may be otherwise, and once unless it was told that it may be twice.
   */
  void assertKeptOrTold(List<JournalCluster.Recorded> recorded) throws IOException {
    boolean outOfOrder = agent.said("Journal: ") > 0;
    boolean twice = agent.said("may run twice") + agent.said("no recorder is heard") > 0;
    for (int channel = 0; channel < traffic.sent().length; channel++) {
      List<Integer> wanted = new ArrayList<>();
      for (JournalCluster.Recorded event : recorded) {
        if (event.channel().equals(traffic.channel(channel))) {
          wanted.add(number(event));
        }
      }
      List<Integer> ran = new ArrayList<>(all(channel, 1));
      List<Integer> firsts = new ArrayList<>(firsts(channel, 1));
      if (!twice) {
        assertEquals(firsts, ran, "twice, and not told; channel " + channel + ", " + why);
      }
      firsts.retainAll(wanted);
      if (outOfOrder) {
        firsts.sort(null);
        wanted.sort(null);
      }
      assertEquals(wanted, firsts, "channel " + channel + ", " + why);
    }
  }
}
