package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads an entry in journald's native form, as journald does. */
final class JournalFields {
  private JournalFields() {}

  static Map<String, String> of(byte[] entry) {
    Map<String, String> fields = new LinkedHashMap<>();
    ByteBuffer rest = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      var name = new StringBuilder();
      char c;
      while ((c = (char) rest.get()) != '=' && c != '\n') {
        name.append(c);
      }
      byte[] value;
      if (c == '=') {
        int start = rest.position();
        while (rest.get() != '\n') {
          // on to the end
        }
        value = new byte[rest.position() - start - 1];
        rest.get(start, value);
      } else {
        value = new byte[Math.toIntExact(rest.getLong())];
        rest.get(value);
        if (rest.get() != '\n') {
          throw new AssertionError(name + " is not ended by a newline");
        }
      }
      if (fields.put(name.toString(), new String(value, UTF_8)) != null) {
        throw new AssertionError(name + " is there twice");
      }
    }
    return fields;
  }
}
