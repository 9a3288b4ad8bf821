package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.Variables;

final class ProcessEnvironmentTests {
  @Test
  void holdsWhatTheProcessWasStartedWith() {
    Variables variables = ProcessEnvironment.variables();
    Map<String, Optional<String>> expected = new HashMap<>();
    Map<String, Optional<String>> read = new HashMap<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              expected.put(name, Optional.of(value));
              read.put(name, variables.value(name));
            });
    assertEquals(expected, read);
    assertEquals(expected.size(), variables.entries().size());
    assertEquals(Optional.empty(), variables.value("NO_SUCH_VARIABLE_AT_ALL"));
  }
}
