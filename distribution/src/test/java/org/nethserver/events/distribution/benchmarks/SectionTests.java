package org.nethserver.events.distribution.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SectionTests {
  private static final Subject FLOOR = new Subject(Benchmarks.FLOOR, "floor", 0, false);
  private static final Subject EVENTS = new Subject(Benchmarks.SCRIPTS, "events", 0, false);
  private static final Subject HANDLER = new Subject(Benchmarks.HANDLER, "events", 1, true);

  private static Results results(Subject... subjects) {
    Conditions conditions =
        new Conditions("2026-01-02T03:04:00Z", false, 3, "a CPU", 2, "6", "7", 0);
    return new Results(conditions, List.of(subjects));
  }

  private static void add(Results results, Subject subject, Metric metric, double... values) {
    for (double value : values) {
      results.add(subject, metric, value);
    }
  }

  private static String row(Results results, String title) {
    String markdown = new Section(results, "raw.json").markdown();
    return markdown.lines().filter(line -> line.startsWith("| " + title)).findFirst().orElseThrow();
  }

  @Test
  void medianOfTurnsStandsBetweenTheirQuarters() {
    Results results = results(FLOOR, EVENTS);
    for (Metric metric : Metric.values()) {
      add(results, FLOOR, metric, 1, 1, 1);
      add(results, EVENTS, metric, 5, 1, 2);
    }

    assertEquals(
        "| `PUBLISH` to first instruction, p50 | 1.000 ms | 2.000 ms (1.500–3.500) |",
        row(results, "`PUBLISH` to first instruction, p50 | 1"));
  }

  @Test
  void ratioIsThatOfPairsAndNotOfMedians() {
    Results results = results(FLOOR, EVENTS);
    // By medians it would be 4 / 3.
    add(results, FLOOR, Metric.LATENCY_P50, 1, 3, 10);
    add(results, EVENTS, Metric.LATENCY_P50, 2, 6, 4);

    assertEquals(
        "| events / floor | **2.00** (0.40–2.00) |  |  |  |  |  |", row(results, "events / floor"));
  }

  @Test
  void anyTwoAgentsAreCompared() {
    Results results = results(FLOOR, EVENTS, new Subject("other", "other", 0, false));

    assertEquals("| other / events |  |  |  |  |  |  |", row(results, "other / events"));
    assertEquals("| other / floor |  |  |  |  |  |  |", row(results, "other / floor"));
  }

  @Test
  void aimThatIsMissedIsTold() {
    Results results = results(FLOOR, EVENTS);
    add(results, FLOOR, Metric.LATENCY_P50, 1, 1, 1);
    add(results, EVENTS, Metric.LATENCY_P50, 1.2, 1.2, 1.2);
    add(results, FLOOR, Metric.RATE, 1_000, 1_000, 1_000);
    add(results, EVENTS, Metric.RATE, 960, 960, 960);
    add(results, EVENTS, Metric.IDLE_RSS, 70.5);

    assertEquals(
        "| `PUBLISH` to first instruction, p50 | `events` / `floor` | ≤ 1.10 | 1.20 | **no** |",
        row(results, "`PUBLISH` to first instruction, p50 | `events`"));
    assertEquals(
        "| events a second, 64 channels | `events` / `floor` | ≥ 0.95 | 0.96 | yes |",
        row(results, "events a second, 64 channels | `events`"));
    assertEquals(
        "| resident memory, idle | `events` | ≤ 70.0 MB | 70.5 MB | **no** |",
        row(results, "resident memory, idle | `events`"));
  }

  @Test
  void lostEventsAreTold() {
    Results results = results(HANDLER);
    results.answered(HANDLER, 1_000, 1_000);
    results.answered(HANDLER, 1_000, 998);

    String markdown = new Section(results, "raw.json").markdown();

    assertTrue(markdown.contains("Of 2,000 answers that had to come 2 did not."), markdown);
  }

  @Test
  void withoutCompilerThereAreNoSteps() {
    String markdown = new Section(results(HANDLER), "raw.json").markdown();

    assertTrue(markdown.contains("no steps were measured"), markdown);
    assertFalse(markdown.contains("| floor |"), markdown);
  }
}
