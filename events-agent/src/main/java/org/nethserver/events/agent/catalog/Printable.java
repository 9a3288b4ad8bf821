package org.nethserver.events.agent.catalog;

/** Makes text of unknown origin fit for a line on a terminal. */
final class Printable {
  private static final int MAX_LENGTH = 120;

  private Printable() {}

  /** Returns the text in double quotes, escaped, and cut where it is long. */
  static String quoted(String text) {
    return '"' + plain(text) + '"';
  }

  /** Returns the text escaped, and cut where it is long. */
  static String plain(String text) {
    StringBuilder line = new StringBuilder();
    int end = 0;
    while (end < text.length() && line.length() < MAX_LENGTH) {
      int c = text.codePointAt(end);
      append(line, c);
      end += Character.charCount(c);
    }
    return end < text.length() ? line.append("...").toString() : line.toString();
  }

  /** Returns the whole text escaped. */
  static String all(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().forEach(c -> append(line, c));
    return line.toString();
  }

  private static void append(StringBuilder line, int c) {
    switch (Character.getType(c)) {
      // Format characters turn the direction of the line around, surrogates are halves.
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          line.append(String.format("\\u%04x", c));
      default -> line.appendCodePoint(c);
    }
  }
}
