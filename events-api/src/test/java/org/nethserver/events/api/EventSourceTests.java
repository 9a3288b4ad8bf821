package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventSourceTests {
  @ParameterizedTest
  @ValueSource(strings = {"cluster", "node/1", "module/traefik1", "a/b/c/d", "...", "a/.x/-y"})
  void pathsOfSegmentsAreTaken(String text) {
    assertEquals(text, new EventSource(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''    | the event source is empty",
        "/     | the event source has an empty segment",
        "/a    | the event source has an empty segment",
        "a/    | the event source has an empty segment",
        "a//b  | the event source has an empty segment",
        ".     | the event source has a segment \".\" or \"..\"",
        "a/../b| the event source has a segment \".\" or \"..\"",
        "a/.   | the event source has a segment \".\" or \"..\"",
        "a b   | the event source has a character outside A-Z a-z 0-9 . _ - /",
        "*     | the event source has a character outside A-Z a-z 0-9 . _ - /",
      })
  void othersAreRefusedWithTheRule(String text, String why) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> new EventSource(text));
    assertEquals(why, refusal.getMessage());
  }
}
