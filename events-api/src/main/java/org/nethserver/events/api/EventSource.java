package org.nethserver.events.api;

import java.util.Objects;

/**
 * Who tells of an event: {@code cluster}, {@code node/1}, {@code module/traefik1}, or any path of
 * the same shape.
 *
 * @param text one or more segments of {@code [A-Za-z0-9._-]}, joined by {@code /}, none of them
 *     {@code .} or {@code ..}; 8,192 characters at most
 */
public record EventSource(String text) implements Comparable<EventSource> {
  /**
   * The longest source in characters, which are bytes here: far more than any has, and far less
   * than what one variable of a process may hold.
   */
  public static final int MAX_LENGTH = 8192;

  /**
   * Checks the source.
   *
   * @throws IllegalArgumentException if the text is no source; the message says why, without
   *     quoting the text, which may be hostile
   */
  public EventSource {
    Objects.requireNonNull(text, "text");
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the event source is empty");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the event source is longer than 8192 bytes");
    }
    int start = 0;
    while (start <= text.length()) {
      int slash = text.indexOf('/', start);
      int end = slash < 0 ? text.length() : slash;
      checkSegment(text, start, end);
      start = end + 1;
    }
  }

  private static void checkSegment(String text, int start, int end) {
    int length = end - start;
    if (length == 0) {
      throw new IllegalArgumentException("the event source has an empty segment");
    }
    if (length <= 2 && text.charAt(start) == '.' && text.charAt(end - 1) == '.') {
      throw new IllegalArgumentException("the event source has a segment \".\" or \"..\"");
    }
    if (!Segment.hasOnlyAllowedCharacters(text, start, end)) {
      throw new IllegalArgumentException(
          "the event source has a character outside A-Z a-z 0-9 . _ - /");
    }
  }

  @Override
  public int compareTo(EventSource other) {
    return text.compareTo(other.text);
  }

  /** Returns the source as it stands in a channel. */
  @Override
  public String toString() {
    return text;
  }
}
