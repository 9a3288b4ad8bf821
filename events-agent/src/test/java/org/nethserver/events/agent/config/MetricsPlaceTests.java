package org.nethserver.events.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetricsPlaceTests {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9464, Tcp, 127.0.0.1:9464",
    "[::1]:9464, Tcp, [::1]:9464",
    "localhost:0, Tcp, localhost:0",
    "unix:/run/events/./metrics, Unix, unix:/run/events/metrics",
    "textfile:/var/lib/node_exporter/, Textfile, textfile:/var/lib/node_exporter"
  })
  void isWhatItsFormSays(String text, String kind, String shown) {
    MetricsPlace place = MetricsPlace.parse(text);
    assertEquals(kind, place.getClass().getSimpleName());
    assertEquals(shown, place.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9464|a place is wanted, such as 127.0.0.1:9464, unix:/run/events/metrics or"
            + " textfile:/var/lib/node_exporter",
        ":9464|say at which address: 127.0.0.1:PORT for this machine alone; whoever reaches it may"
            + " read all figures",
        "::1:9464|write an IPv6 address in brackets, such as [::1]:9464",
        "localhost:http|\"http\" is no port; use one from 1 to 65535",
        "localhost:70000|\"70000\" is no port; use one from 1 to 65535",
        "unix:metrics|a path from / on is wanted after the colon",
        "textfile:|a path from / on is wanted after the colon"
      })
  void wrongOneIsAnsweredWithWhatARightOneLooksLike(String text, String why) {
    assertEquals(
        why,
        assertThrows(IllegalArgumentException.class, () -> MetricsPlace.parse(text)).getMessage());
  }

  @Test
  void lastOneOfTheCommandLineCounts() {
    AgentOptions options =
        AgentArguments.read(List.of("--metrics=localhost:1", "--metrics", "unix:/a")).orElseThrow();
    assertEquals("unix:/a", options.metrics().orElseThrow().toString());
  }
}
