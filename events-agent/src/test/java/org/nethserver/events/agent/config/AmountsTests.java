package org.nethserver.events.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AmountsTests {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "500ms, PT0.5S",
    "10s, PT10S",
    "90m, PT1H30M",
    "1h30m, PT1H30M",
    "2d, PT48H",
    "1d2h3m4s5ms, PT26H3M4.005S",
    "36500d, PT876000H"
  })
  void durationsAreRead(String text, Duration expected) {
    assertEquals(expected, Amounts.duration(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "s", "-1s", "1 s", "1s ", " 1s", "1.5s", "1S", "1h-30m", "1hx", "1µs"})
  void whatIsNoDurationIsRefusedWithAnExample(String text) {
    assertEquals(
        "a duration looks like 500ms, 10s, 1h30m, or 0 for none",
        assertThrows(IllegalArgumentException.class, () -> Amounts.duration(text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "36501d",
        "36500d1ms",
        "9223372036854775807d",
        "9223372036854775807s9223372036854775807s",
        "9223372036854775808s"
      })
  void durationThatNoClockCanCountIsRefused(String text) {
    assertEquals(
        "the duration is too long",
        assertThrows(IllegalArgumentException.class, () -> Amounts.duration(text)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.001S, 1ms",
    "PT0.9999S, 999ms",
    "PT1S, 1s",
    "PT1.25S, 1.3s",
    "PT9.949S, 9.9s",
    "PT10.9S, 10s",
    "PT59.999S, 59s",
    "PT60S, 1m",
    "PT61S, 1m1s",
    "PT59M59S, 59m59s",
    "PT1H, 1h",
    "PT1H30M59S, 1h30m",
    "PT49H, 49h"
  })
  void durationsAreWrittenInTwoUnitsAtMost(Duration duration, String expected) {
    assertEquals(expected, Amounts.format(duration));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "65536, 65536",
    "10B, 10",
    "512KiB, 524288",
    "64MiB, 67108864",
    "3GiB, 3221225472",
    "8589934591GiB, 9223372035781033984"
  })
  void sizesAreRead(String text, long expected) {
    assertEquals(expected, Amounts.size(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5MiB", "1 MiB", "MiB", "1MB", "1M", "1mib", "1TiB"})
  void whatIsNoSizeIsRefusedWithAnExample(String text) {
    assertEquals(
        "a size looks like 65536, 512KiB, 64MiB or 1GiB",
        assertThrows(IllegalArgumentException.class, () -> Amounts.size(text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8589934592GiB"})
  void sizeBeyondALongIsRefused(String text) {
    assertEquals(
        "the size is too large",
        assertThrows(IllegalArgumentException.class, () -> Amounts.size(text)).getMessage());
  }
}
