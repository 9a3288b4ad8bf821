package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds the journal's protocol against a world in which everything happens in any order.
 *
 * <p>The long form: {@code -Djournal.seeds=1000000}, elsewhere with {@code -Djournal.first=N}; more
 * of every order with {@code -Djournal.recorders=2 -Djournal.events=2 -Djournal.marks=2}, which
 * takes memory.
 */
final class JournalModelTests {
  private static final Set<Rule> ALL = EnumSet.allOf(Rule.class);
  private static final long FIRST = Long.getLong("journal.first", 0);
  private static final long SEEDS = Long.getLong("journal.seeds", 4_000);
  private static final int ENOUGH_TO_CATCH = 30_000;

  private static World world(long seed, Set<Rule> rules) {
    return world(seed, rules, Recorder::new, Agent::new);
  }

  private static World world(
      long seed, Set<Rule> rules, AnyRecorder.Maker recorders, AnyAgent.Maker agents) {
    Random random = new Random(seed);
    Scenario scenario = Scenario.random(random);
    int percent = scenario.kinds().size() == 1 ? 20 : 8;
    World world = new World(scenario, rules, recorders, agents);
    world.run((bound, faults) -> any(random, bound, faults, percent), 40 + random.nextInt(200));
    return world;
  }

  private static int any(Random random, int bound, int faults, int percent) {
    boolean fault = faults < bound && (faults == 0 || random.nextInt(100) < percent);
    return fault ? faults + random.nextInt(bound - faults) : random.nextInt(faults);
  }

  @Test
  void whateverHappensIsKeptOrTold() {
    int clear = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      World world = world(seed, ALL);
      assertEquals(List.of(), world.violations(), failure(seed, world));
      clear += world.nothingTold() ? 1 : 0;
    }
    // Where anything was told, less is checked: most of the checks must not rest on that.
    assertTrue(clear > SEEDS / 4, clear + " of " + SEEDS + " runs had nothing to tell");
  }

  @Test
  void whatIsBuiltKeepsItToo() {
    int clear = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      World world = world(seed, ALL, BuiltRecorder::new, BuiltAgent::new);
      assertEquals(List.of(), world.violations(), failure(seed, world));
      clear += world.nothingTold() ? 1 : 0;
    }
    assertTrue(clear > SEEDS / 4, clear + " of " + SEEDS + " runs had nothing to tell");
  }

  private static String failure(long seed, World world) {
    return "seed " + seed + ":\n" + String.join("\n", world.trace()) + "\n";
  }

  @ParameterizedTest
  @EnumSource
  void noRuleCanBeLeftOut(Rule rule) {
    Set<Rule> rest = EnumSet.complementOf(EnumSet.of(rule));
    for (long seed = rule.seed; seed < rule.seed + ENOUGH_TO_CATCH; seed++) {
      if (!world(seed, rest).violations().isEmpty()) {
        return;
      }
    }
    throw new AssertionError(rule + " was left out, and " + ENOUGH_TO_CATCH + " runs went well");
  }

  /** Each order of all steps of a small world, with one fault of a kind anywhere. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "RECORDER_KILLED",
        "REPLY_LOST",
        "AGENT_KILLED",
        "AGENT_CUT_OFF",
        "REDIS_KILLED",
        "FLUSHED"
      })
  void everyOrderOfFewStepsIsKeptOrTold(Scenario.Fault fault) {
    int recorders = Integer.getInteger("journal.recorders", 1);
    int events = Integer.getInteger("journal.events", 1);
    int marks = Integer.getInteger("journal.marks", 1);
    Scenario small =
        new Scenario(
            recorders, 1, false, events, 1, true, marks, 1, Set.of(fault), false, true, false);
    Deque<List<Integer>> ways = new ArrayDeque<>(List.of(List.of()));
    Set<String> seen = new HashSet<>();
    while (!ways.isEmpty()) {
      List<Integer> way = ways.remove();
      World world = new World(small, ALL);
      int[] options = {0};
      int[] step = {0};
      world.run(
          (bound, _) -> {
            options[0] = bound;
            return step[0] < way.size() ? way.get(step[0]++) : -1;
          },
          Integer.MAX_VALUE);
      if (world.settled()) {
        assertEquals(List.of(), world.violations(), String.join("\n", world.trace()));
      } else if (seen.add(world.fingerprint())) {
        for (int option = 0; option < options[0]; option++) {
          List<Integer> next = new ArrayList<>(way);
          next.add(option);
          ways.add(next);
        }
      }
    }
    assertTrue(seen.size() > 100, fault + ": " + seen.size() + " states");
  }
}
