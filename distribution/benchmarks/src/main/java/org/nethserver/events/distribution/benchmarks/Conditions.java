package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.nethserver.events.redis.testing.RedisBinary;

/**
 * Where and when it was measured.
 *
 * @param date when it began, in UTC
 * @param quick whether it was the quick form
 * @param rounds how often everything was measured
 * @param processor what /proc/cpuinfo calls it
 * @param cores how many the machine has
 * @param kernel of Linux
 * @param redis the version of redis-server
 * @param load how many wanted to run on average in the five minutes before it began
 */
record Conditions(
    String date,
    boolean quick,
    int rounds,
    String processor,
    int cores,
    String kernel,
    String redis,
    double load) {
  /** Those of now and here. */
  static Conditions now(boolean quick, int rounds) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[1];
    return new Conditions(
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        quick,
        rounds,
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        kernelSeries(),
        RedisBinary.version().toString(),
        Double.parseDouble(load));
  }

  /** A sentence, and before it that the figures say nothing, if so. */
  String text() {
    String where =
        "%s on %s with %d cores, Linux %s, Redis %s; load before it began: %s."
            .formatted(
                date, processor, cores, kernel, redis, String.format(Locale.ROOT, "%.1f", load));
    return quick
        ? "**Of a quick run: the figures say only that all can be measured.**\n\n" + where
        : where;
  }

  /** The day it was. */
  String day() {
    return date.substring(0, "2026-01-01".length());
  }

  private static String kernelSeries() {
    return System.getProperty("os.version").replaceFirst("^(\\d+\\.\\d+).*", "$1");
  }

  private static String processorName() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
