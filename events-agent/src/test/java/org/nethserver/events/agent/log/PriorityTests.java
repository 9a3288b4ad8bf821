package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PriorityTests {
  @ParameterizedTest
  @EnumSource
  void prefixNamesIt(Priority priority) {
    assertEquals(Optional.of(priority), leading("<" + priority.ordinal() + ">text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<", "<3", "text <3>", "<8>text", "<->text", "<10>text", "< 3>"})
  void otherBeginningsNameNone(String line) {
    assertEquals(Optional.empty(), leading(line));
  }

  @Test
  void prefixAloneIsAnEmptyLine() {
    assertEquals(Optional.of(Priority.ERROR), leading("<3>"));
  }

  private static Optional<Priority> leading(String line) {
    return Priority.leading(line.getBytes(UTF_8));
  }
}
