package org.nethserver.events.agent.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.EventSource;

final class SourcePatternTests {
  @ParameterizedTest
  @CsvSource({
    "cluster, cluster, true",
    "cluster, cluster1, false",
    "node/<n>, node/12, true",
    "node/<n>, node/x, false",
    "node/<n>, node/1/2, false",
    "module/nethvoice<n>, module/nethvoice1, true",
    "module/nethvoice<n>, module/nethvoice-proxy1, false",
    "module/<id>, module/nethvoice-proxy1, true",
    "module/<id>, module/a/b, false",
    "module/<id>, node/1, false",
    "a.b, axb, false"
  })
  void matchesNumbersAndIds(String pattern, String source, boolean matches) {
    assertEquals(matches, SourcePattern.parse(pattern).matches(new EventSource(source)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module/*", "module/<name>", "a//b", "../x", "node/<n", "a b"})
  void refusesWhatCouldMatchNoSource(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> SourcePattern.parse(pattern));
  }
}
