package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nethserver.events.redis.Diagnosis.Kind;

final class BackoffTests {
  private final Backoff backoff = new Backoff(Timing.STANDARD);

  private int[] millis(Kind kind, int attempts) {
    return IntStream.range(0, attempts).map(_ -> (int) backoff.after(kind).toMillis()).toArray();
  }

  private static void assertMillis(int[] actual, int... expected) {
    org.junit.jupiter.api.Assertions.assertArrayEquals(expected, actual);
  }

  @Test
  void absentServerIsLookedForAtLeastTwiceASecond() {
    assertMillis(millis(Kind.ABSENT, 6), 100, 200, 400, 500, 500, 500);
  }

  @Test
  void refusingServerIsAskedEveryFiveSecondsAtMost() {
    assertMillis(millis(Kind.REFUSED, 8), 100, 200, 400, 800, 1600, 3200, 5000, 5000);
  }

  @Test
  void anotherKindOfFailureBeginsAnew() {
    millis(Kind.ABSENT, 50);
    assertMillis(millis(Kind.REFUSED, 2), 100, 200);
    assertMillis(millis(Kind.ABSENT, 1), 100);
  }

  @Test
  void successBeginsAnew() {
    millis(Kind.REFUSED, 50);
    backoff.reset();
    assertEquals(Duration.ofMillis(100), backoff.after(Kind.REFUSED));
  }
}
