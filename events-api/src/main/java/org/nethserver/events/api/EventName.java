package org.nethserver.events.api;

import java.util.Objects;

/**
 * The name of an event, such as {@code user-domain-changed}: also the name of the directory that
 * holds its steps, and therefore checked strictly.
 *
 * @param text 1 to 255 characters of {@code [A-Za-z0-9._-]}, the first neither {@code .} nor {@code
 *     -}
 */
public record EventName(String text) implements Comparable<EventName> {
  /** The longest name in characters, which are bytes here: the limit of a file name on Linux. */
  public static final int MAX_LENGTH = 255;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the text is no event name; the message says why, without
   *     quoting the text, which may be hostile
   */
  public EventName {
    Objects.requireNonNull(text, "text");
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the event name is empty");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the event name is longer than 255 bytes");
    }
    if (text.charAt(0) == '.' || text.charAt(0) == '-') {
      throw new IllegalArgumentException(
          "the event name begins with \"" + text.charAt(0) + "\"; begin it with a letter or digit");
    }
    if (!Segment.hasOnlyAllowedCharacters(text, 0, text.length())) {
      throw new IllegalArgumentException(
          "the event name has a character outside A-Z a-z 0-9 . _ -");
    }
  }

  @Override
  public int compareTo(EventName other) {
    return text.compareTo(other.text);
  }

  /** Returns the name as it stands in a channel. */
  @Override
  public String toString() {
    return text;
  }
}
