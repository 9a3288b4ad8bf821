package org.nethserver.events.api.spi;

import java.util.Objects;

/**
 * Where an event stands: the n-th event message after the marker that began an epoch; zero is the
 * marker itself.
 *
 * @param epoch the marker's random name; empty for {@link #NONE}
 * @param n how many event messages after it, this one counted
 */
public record Position(String epoch, long n) {
  /** Before anything was recorded. */
  public static final Position NONE = new Position("", 0);

  private static final char SEPARATOR = '-';

  /** Refuses null. */
  public Position {
    Objects.requireNonNull(epoch, "epoch");
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Position parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    int end = text.indexOf(SEPARATOR);
    if (end <= 0) {
      throw new IllegalArgumentException("no position: " + text);
    }
    return new Position(text.substring(0, end), Long.parseLong(text.substring(end + 1)));
  }

  /** Returns that of the next event of the epoch. */
  public Position next() {
    return new Position(epoch, n + 1);
  }

  /** Returns that of the event before it, or of the marker. */
  public Position before() {
    return new Position(epoch, n - 1);
  }

  /** Returns {@code EPOCH-N}; nothing for {@link #NONE}. */
  @Override
  public String toString() {
    return equals(NONE) ? "" : epoch + SEPARATOR + n;
  }
}
