package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandlerResultTests {
  @ParameterizedTest
  @ValueSource(ints = {1, 75, 255})
  void failureHasAnExitCode(int code) {
    assertEquals(new HandlerResult.Failure(code, "why"), HandlerResult.failure(code, "why"));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 256})
  void otherCodesAreNoneOfAFailure(int code) {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> HandlerResult.failure(code, "why"));
    assertEquals("the code of a failure is 1 to 255, not " + code, refusal.getMessage());
  }

  @Test
  void reasonOfNothingToDoMayBeLeftOut() {
    assertEquals(new HandlerResult.NotForMe(""), HandlerResult.notForMe());
    assertEquals(new HandlerResult.NotForMe("why"), HandlerResult.notForMe("why"));
  }
}
