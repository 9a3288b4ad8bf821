package org.nethserver.events.distribution.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakedTests {
  private static final Sample IDLE = new Sample(0, 80, 78, 28, 26);

  /** Grows fast for a minute, then by 1 MB in six minutes. */
  private static Soaked soaked() {
    List<Sample> samples =
        IntStream.rangeClosed(1, 600)
            .mapToObj(
                second ->
                    new Sample(
                        second,
                        second < 60 ? second : 90 + second / 360.0,
                        88,
                        30 + second % 2,
                        27))
            .toList();
    Notes.Tally runs = new Notes.Tally(10, 10, 0, 0, 0, 0);
    return new Soaked(Duration.ofMinutes(10), 20, runs, IDLE, samples, IDLE);
  }

  @Test
  void growthIsThatAfterTheFirstMinute() {
    assertEquals(10, soaked().slope(Sample::rss), 1e-6);
    assertEquals(0, soaked().slope(Sample::threads), 1e-6);
  }

  @Test
  void sectionTellsGrowthAndExtremes() {
    Conditions conditions =
        new Conditions("2026-01-02T03:04:00Z", false, 1, "a CPU", 2, "6", "7", 0);

    String markdown = new SoakSection(conditions, soaked()).markdown("raw.json");

    String row = "| resident memory, MB | 80.0 | 90.2–91.7 | +10.0 | 80.0 |\n";
    assertTrue(markdown.contains(row), markdown);
    assertTrue(markdown.contains("| descriptors | 28 | 30–31 | "), markdown);
  }
}
