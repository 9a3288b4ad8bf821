package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class AgentLineTests {
  @Test
  void lineOfTheLimitIsWhole() {
    String text = "x".repeat(AgentLine.MAX);
    assertEquals(text, new String(AgentLine.of(text), UTF_8));
  }

  @Test
  void longerLineIsCutBetweenCharactersAndSaysSo() {
    String line = new String(AgentLine.of("x" + "é".repeat(AgentLine.MAX / 2)), UTF_8);
    assertEquals("x" + "é".repeat(AgentLine.MAX / 2 - 1) + " [cut: 2 bytes more]", line);
  }
}
