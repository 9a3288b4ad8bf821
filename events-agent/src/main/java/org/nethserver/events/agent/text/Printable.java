package org.nethserver.events.agent.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Makes text of unknown origin safe to look at: one line, nothing that a terminal would obey, and
 * nothing that deceives the eye.
 */
public final class Printable {
  private static final int BRIEF = 120;
  private static final String HEX = "0123456789abcdef";

  private Printable() {}

  /**
   * Escapes control characters, line separators, invisible formatting such as a change of writing
   * direction, and what is no character: {@code \n}, {@code \x1b}, <code>&#92;u202e</code>.
   */
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // What is below 0x7f and printable is nearly all there ever is.
      if (c < ' ' || c >= 0x7f) {
        return escaped(text, i);
      }
    }
    return text;
  }

  /** Returns the text in double quotes, escaped, and cut where it is long. */
  public static String quoted(String text) {
    return '"' + brief(text) + '"';
  }

  /** Returns the text escaped, and cut where it is long. */
  public static String brief(String text) {
    var line = new StringBuilder();
    int end = 0;
    while (end < text.length() && line.length() < BRIEF) {
      int c = text.codePointAt(end);
      append(line, c);
      end += Character.charCount(c);
    }
    return end < text.length() ? line.append("...").toString() : line.toString();
  }

  /**
   * Escapes the same in a line of bytes that is perhaps UTF-8, but for tabs; bytes that are no
   * UTF-8 too. Each byte of it is shown as {@code \x1b}.
   */
  public static byte[] bytes(byte[] line) {
    int at = 0;
    while (at < line.length && isPlain(line[at])) {
      at++;
    }
    if (at == line.length) {
      return line;
    }
    var out = new ByteArrayOutputStream(line.length + 32);
    out.write(line, 0, at);
    while (at < line.length) {
      int length = Utf8.sequence(line, at);
      if (length == 1 ? isPlain(line[at]) : length > 1 && isVisible(line, at, length)) {
        out.write(line, at, length);
      } else {
        length = Math.max(length, 1);
        for (int i = at; i < at + length; i++) {
          out.writeBytes(hex(line[i] & 0xff).getBytes(US_ASCII));
        }
      }
      at += length;
    }
    return out.toByteArray();
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b < 0x7f || b == '\t';
  }

  private static boolean isVisible(byte[] line, int at, int length) {
    return isVisible(new String(line, at, length, UTF_8).codePointAt(0));
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String escaped(String text, int from) {
    var out = new StringBuilder(text.length() + 32).append(text, 0, from);
    text.codePoints().skip(from).forEach(c -> append(out, c));
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    if (isVisible(c)) {
      out.appendCodePoint(c);
    } else if (Character.getType(c) == Character.CONTROL) {
      out.append(control(c));
    } else {
      String digits = Integer.toHexString(c);
      out.append("\\u").repeat('0', Math.max(0, 4 - digits.length())).append(digits);
    }
  }

  private static String control(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> hex(c);
    };
  }

  private static String hex(int c) {
    return "\\x" + HEX.charAt(c >> 4) + HEX.charAt(c & 15);
  }
}
