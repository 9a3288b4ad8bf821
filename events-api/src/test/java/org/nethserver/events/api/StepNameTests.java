package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepNameTests {
  @Test
  void namesAreOrderedByUnsignedBytes() {
    assertTrue(StepName.of("10a").compareTo(StepName.of("9a")) < 0);
    assertTrue(StepName.of("Z").compareTo(StepName.of("a")) < 0);
    // As UTF-16 the surrogates of U+1F600 come before U+FFFD, as UTF-8 after it.
    assertTrue(StepName.of("\uFFFD").compareTo(StepName.of("\uD83D\uDE00")) < 0);
  }

  @Test
  void nameNeedNotBeText() {
    byte[] bytes = {'a', (byte) 0xff};
    StepName name = StepName.of(bytes);
    assertArrayEquals(bytes, name.bytes());
    assertEquals("a\uFFFD", name.toString());
    assertEquals(name, StepName.of(bytes));
    assertEquals(name.hashCode(), StepName.of(bytes).hashCode());
  }

  @Test
  void nameCannotBeChangedFromOutside() {
    byte[] bytes = {'a'};
    StepName name = StepName.of(bytes);
    bytes[0] = 'b';
    name.bytes()[0] = 'b';
    assertEquals(StepName.of("a"), name);
  }

  @Test
  void emptyNameIsRefused() {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> StepName.of(""));
    assertEquals("the step name is empty", refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "/", "a\0"})
  void whatIsNoFileNameIsRefused(String text) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> StepName.of(text));
    assertEquals("the step name has a \"/\" or a NUL", refusal.getMessage());
  }
}
