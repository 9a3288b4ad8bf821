package org.nethserver.events.agent.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.agent.json.JsonText;
import tools.jackson.databind.JsonNode;

final class JsonLayoutTests {
  private static final String LINE =
      "{\"a\":[1,2.50,-3,true,false,null,\"x\\n\\\"\\\\\\u0000\u00e9\"],\"b/~\":{},\"c\":[],"
          + "\"big\":123456789012345678901234567890}";

  @Test
  void writesOnOneLineWhatWasRead() {
    assertEquals(LINE, JsonLayout.line(json(LINE)));
  }

  @Test
  void indentsByTwo() {
    assertEquals(
        """
        {
          "a": [
            1,
            {
              "b": {}
            }
          ],
          "c": []
        }\
        """,
        JsonLayout.indented(json("{\"a\":[1,{\"b\":{}}],\"c\":[]}")));
  }

  @Test
  void keepsTheWellKnownEventsAsTheyAre() {
    JsonNode file = CatalogJson.file(Catalog.wellKnown().events());
    assertEquals(file, json(JsonLayout.indented(file)));
    assertEquals(file, json(JsonLayout.line(file)));
  }

  private static JsonNode json(String text) {
    return JsonText.read(ByteBuffer.wrap(text.getBytes(UTF_8))).root().orElseThrow();
  }
}
