package org.nethserver.events.agent.log;

import java.nio.charset.StandardCharsets;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.agent.text.Utf8;

/** A line of the agent itself as bytes: printable, and no longer than the system log takes. */
final class AgentLine {
  /** The longest line in bytes, before the note that says what was cut. */
  static final int MAX = 48 * 1024;

  private AgentLine() {}

  static byte[] of(String text) {
    byte[] bytes = Printable.text(text).getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX) {
      return bytes;
    }
    int end = Utf8.cut(bytes, MAX);
    byte[] note =
        (" [cut: " + (bytes.length - end) + " bytes more]").getBytes(StandardCharsets.US_ASCII);
    byte[] line = new byte[end + note.length];
    System.arraycopy(bytes, 0, line, 0, end);
    System.arraycopy(note, 0, line, end, note.length);
    return line;
  }
}
