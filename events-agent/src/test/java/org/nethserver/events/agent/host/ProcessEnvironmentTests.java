package org.nethserver.events.agent.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

  @Test
  void withoutLauncherNothingIsTakenBack() {
    assertEquals(List.of("LC_ALL=C", "A=1"), given("LC_ALL=C", "A=1"));
    assertEquals(List.of("A=1"), given("A=1"));
  }

  @Test
  void localeThatTheLauncherWasGivenIsPutBack() {
    assertEquals(
        List.of("LANG=it_IT", "LC_ALL=de_DE"),
        given("LC_ALL=C.UTF-8", "EVENTS_GIVEN_LC_ALL==de_DE", "LANG=it_IT"));
    assertEquals(List.of("LC_ALL="), given("LC_ALL=C.UTF-8", "EVENTS_GIVEN_LC_ALL=="));
  }

  @Test
  void localeThatTheLauncherMadeIsGone() {
    assertEquals(List.of("A=1"), given("A=1", "LC_ALL=C.UTF-8", "EVENTS_GIVEN_LC_ALL="));
  }

  private static List<String> given(String... entries) {
    Variables variables =
        Variables.of(Stream.of(entries).map(entry -> entry.getBytes(US_ASCII)).toList());
    return ProcessEnvironment.given(variables).entries().stream()
        .map(entry -> new String(entry, US_ASCII))
        .toList();
  }
}
