package org.nethserver.events.agent.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.nethserver.events.agent.text.Utf8;

/**
 * One entry in journald's native form, in a buffer that is used again. Every field is written with
 * its length before its bytes, so that no byte in it means anything. Not thread-safe.
 */
final class JournalEntry {
  /** Field values beyond it are cut: an entry must fit one datagram. */
  static final int MAX_VALUE = 4096;

  /** A line of a step with its note, and room for some twenty long fields. */
  static final int MAX_BYTES = 160 * 1024;

  private static final byte[] FACILITY_DAEMON =
      "SYSLOG_FACILITY=3\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PRIORITY = "PRIORITY=".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE = "MESSAGE\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_BYTES = 8;

  private byte[] bytes = new byte[2048];
  private int length;

  /** Begins anew. */
  void begin(Priority priority) {
    length = 0;
    append(FACILITY_DAEMON, 0, FACILITY_DAEMON.length);
    append(PRIORITY, 0, PRIORITY.length);
    reserve(2);
    bytes[length++] = (byte) ('0' + priority.ordinal());
    bytes[length++] = '\n';
  }

  void fields(Map<String, String> fields) {
    fields.forEach(this::field);
  }

  /**
   * Adds a field.
   *
   * @param name in capitals, digits and underscores, not first an underscore: journald leaves
   *     others out
   */
  void field(String name, String value) {
    byte[] key = name.getBytes(StandardCharsets.US_ASCII);
    append(key, 0, key.length);
    byte[] all = value.getBytes(StandardCharsets.UTF_8);
    reserve(1);
    bytes[length++] = '\n';
    value(all, 0, all.length <= MAX_VALUE ? all.length : Utf8.cut(all, MAX_VALUE));
  }

  void message(byte[] line, int from) {
    append(MESSAGE, 0, MESSAGE.length);
    value(line, from, line.length - from);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private void value(byte[] source, int from, int count) {
    reserve(LENGTH_BYTES);
    for (int i = 0; i < LENGTH_BYTES; i++) {
      bytes[length++] = (byte) ((long) count >>> (8 * i));
    }
    append(source, from, count);
    reserve(1);
    bytes[length++] = '\n';
  }

  private void append(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
