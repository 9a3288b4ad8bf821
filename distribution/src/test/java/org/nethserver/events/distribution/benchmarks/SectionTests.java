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
    Conditions conditions = new Conditions("2026-01-02T03:04:00Z", false, "a CPU", 2, "6", "7", 0);
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
  void medianOfRoundsStandsBetweenItsExtremes() {
    Results results = results(FLOOR, EVENTS);
    for (Metric metric : Metric.values()) {
      add(results, FLOOR, metric, 1, 1, 1);
      add(results, EVENTS, metric, 3, 1, 2);
    }

    assertEquals(
        "| `PUBLISH` to first instruction, p50 | 1.000 ms (1.000–1.000) | 2.000 ms (1.000–3.000)"
            + " | **2.00** | 1.15 of the floor |",
        row(results, "`PUBLISH`"));
  }

  @Test
  void oneRoundHasNoExtremes() {
    Results results = results(HANDLER);
    add(results, HANDLER, Metric.RATE, 31_234);

    assertEquals(
        "| events a second, 64 channels | 31,234 /s | 30,000/s |", row(results, "events a second"));
  }

  @Test
  void lostEventsAreTold() {
    Results results = results(HANDLER);
    results.answered(HANDLER, 1_000, 1_000);
    results.answered(HANDLER, 1_000, 998);

    String markdown = new Section(results, "raw.json").markdown();

    assertTrue(markdown.contains("Of 2,000 events that had to be answered 2 were not."), markdown);
  }

  @Test
  void withoutCompilerThereAreNoSteps() {
    String markdown = new Section(results(HANDLER), "raw.json").markdown();

    assertTrue(markdown.contains("no steps were measured"), markdown);
    assertFalse(markdown.contains("| floor |"), markdown);
  }
}
