package org.nethserver.events.agent.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes text safe to look at: one line, and nothing that a terminal would obey. */
final class Printable {
  private static final String HEX = "0123456789abcdef";

  private Printable() {}

  /**
   * Escapes control characters, line separators, invisible formatting such as a change of writing
   * direction, and lone surrogates: {@code \n}, {@code \x1b}, <code>&#92;u202e</code>.
   */
  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // What is below 0x7f and printable is nearly all there ever is.
      if (c < ' ' || c >= 0x7f) {
        return escaped(text, i);
      }
    }
    return text;
  }

  /**
   * Escapes what a terminal would obey in a line of bytes, but for tabs: control characters, coded
   * in one byte or in UTF-8, and bytes that are no UTF-8.
   */
  static byte[] bytes(byte[] line) {
    int at = 0;
    while (at < line.length && (line[at] >= ' ' && line[at] < 0x7f || line[at] == '\t')) {
      at++;
    }
    if (at == line.length) {
      return line;
    }
    var out = new ByteArrayOutputStream(line.length + 32);
    out.write(line, 0, at);
    while (at < line.length) {
      int length = Utf8.sequence(line, at);
      if (length == 1 && (line[at] >= ' ' && line[at] < 0x7f || line[at] == '\t')) {
        out.write(line[at]);
      } else if (length > 1 && !isC1(line, at)) {
        out.write(line, at, length);
      } else {
        length = Math.max(length, 1);
        for (int i = at; i < at + length; i++) {
          byte[] escape = hex(line[i] & 0xff).getBytes(StandardCharsets.US_ASCII);
          out.write(escape, 0, escape.length);
        }
      }
      at += length;
    }
    return out.toByteArray();
  }

  private static boolean isC1(byte[] line, int at) {
    return line[at] == (byte) 0xc2 && (line[at + 1] & 0xff) < 0xa0;
  }

  private static String escaped(String text, int from) {
    var out = new StringBuilder(text.length() + 32).append(text, 0, from);
    int c;
    for (int i = from; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL -> out.append(control(c));
        case Character.FORMAT,
            Character.SURROGATE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            out.append("\\u").append(Integer.toHexString(c));
        default -> out.appendCodePoint(c);
      }
    }
    return out.toString();
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
