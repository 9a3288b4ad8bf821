package org.nethserver.events.agent.command;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes what a program may read. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** Writes one line of JSON. */
  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Puts a payload among the fields of an object: as {@code payload} where it is JSON or text, else
   * as {@code payload_base64}.
   */
  static void putPayload(Map<String, Object> fields, byte[] payload) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      fields.put("payload_base64", Base64.getEncoder().encodeToString(payload));
      return;
    }
    try {
      fields.put("payload", MAPPER.readTree(text));
    } catch (JacksonException e) {
      fields.put("payload", text);
    }
  }
}
