package org.nethserver.events.agent.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTests {
  @ParameterizedTest
  @CsvSource({
    "user-created, user-created, true",
    "user-created, user-create, false",
    "user-*, user-created, true",
    "user-*, user-, true",
    "user-*, user, false",
    "*, anything/at/all, true",
    "user-?, user-a, true",
    "user-?, user-, false",
    "*-c?a*d, user-created, false",
    "*-c?*d, user-changed, true",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
  })
  void matches(String glob, String name, boolean expected) {
    assertEquals(expected, new Glob(glob).matches(name));
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "user-*, user-created, true",
    "user-*, *-created, true",
    "user-*, group-*, false",
    "?, ab, false",
    "a?c, a*, true",
    "*, *, true",
    "*a*, *b*, true",
    "*a, *b, false",
    "a*, b*, false",
  })
  void overlaps(String one, String other, boolean expected) {
    assertEquals(expected, new Glob(one).overlaps(new Glob(other)));
    assertEquals(expected, new Glob(other).overlaps(new Glob(one)));
  }

  @Test
  void isQuickWhateverTheName() {
    Glob glob = new Glob("*a*a*a*a*a*a*a*a*a*a*a*a*b");
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertFalse(glob.matches("a".repeat(255))));
  }

  @Test
  void overlapIsFoundQuicklyWhateverThePatterns() {
    Glob one = new Glob("*a".repeat(100) + "c");
    Glob other = new Glob("*b".repeat(100) + "d");
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertFalse(one.overlaps(other)));
  }
}
