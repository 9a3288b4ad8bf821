package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventNameTests {
  @ParameterizedTest
  @ValueSource(strings = {"user-created", "a", "9", "_x", "A.b_c-D", "a..b"})
  void namesOfTheAlphabetAreTaken(String text) {
    assertEquals(text, new EventName(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''       | the event name is empty",
        ".hidden  | the event name begins with \".\"; begin it with a letter or digit",
        "..       | the event name begins with \".\"; begin it with a letter or digit",
        "-rf      | the event name begins with \"-\"; begin it with a letter or digit",
        "a/b      | the event name has a character outside A-Z a-z 0-9 . _ -",
        "a b      | the event name has a character outside A-Z a-z 0-9 . _ -",
        "é        | the event name has a character outside A-Z a-z 0-9 . _ -",
      })
  void othersAreRefusedWithTheRule(String text, String why) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> new EventName(text));
    assertEquals(why, refusal.getMessage());
  }

  @Test
  void nameIsNoLongerThanAFileName() {
    assertEquals(255, new EventName("n".repeat(255)).text().length());
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> new EventName("n".repeat(256)));
    assertEquals("the event name is longer than 255 bytes", refusal.getMessage());
  }

  @Test
  void namesAreOrderedByTheirCharacters() {
    assertTrue(new EventName("Z").compareTo(new EventName("a")) < 0);
    assertEquals(0, new EventName("a").compareTo(new EventName("a")));
  }
}
