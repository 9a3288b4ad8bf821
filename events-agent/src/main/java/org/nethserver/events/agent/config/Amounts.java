package org.nethserver.events.agent.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The written forms of durations ({@code 500ms}, {@code 1h30m}) and sizes ({@code 64MiB}). */
public final class Amounts {
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]+)(|B|KiB|MiB|GiB)");

  private Amounts() {}

  /**
   * Reads a duration: {@code 0}, or numbers with the units ms, s, m, h, d in a row.
   *
   * @throws IllegalArgumentException if it is none; the message says what one looks like
   */
  public static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    try {
      while (part.find() && part.start() == end) {
        sum = sum.plus(durationPart(Long.parseLong(part.group(1)), part.group(2)));
        end = part.end();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("the duration is too long", e);
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("a duration looks like 500ms, 10s, 1h30m, or 0 for none");
    }
    // What a clock of nanoseconds can still count.
    if (sum.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException("the duration is too long");
    }
    return sum;
  }

  private static Duration durationPart(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** Writes a duration as {@link #duration} reads it, in two units at most: {@code 1h30m}. */
  public static String format(Duration duration) {
    long ms = duration.toMillis();
    if (ms < 10_000) {
      return ms % 1000 == 0 ? ms / 1000 + "s" : ms < 1000 ? ms + "ms" : seconds(ms);
    }
    long s = ms / 1000;
    if (s < 60) {
      return s + "s";
    }
    return s < 3600 ? two(s / 60, "m", s % 60, "s") : two(s / 3600, "h", s % 3600 / 60, "m");
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1fs", ms / 1000.0);
  }

  private static String two(long first, String unit, long second, String smallerUnit) {
    return second == 0 ? first + unit : first + unit + second + smallerUnit;
  }

  /**
   * Reads a size in bytes: a number, perhaps with KiB, MiB or GiB.
   *
   * @throws IllegalArgumentException if it is none; the message says what one looks like
   */
  public static long size(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("a size looks like 65536, 512KiB, 64MiB or 1GiB");
    }
    try {
      long unit =
          switch (size.group(2)) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> 1L;
          };
      return Math.multiplyExact(Long.parseLong(size.group(1)), unit);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("the size is too large", e);
    }
  }
}
