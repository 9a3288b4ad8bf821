package org.nethserver.events.agent.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OutputTailTests {
  private final OutputTail tail = new OutputTail();

  private void add(String line) {
    tail.add(line.getBytes(UTF_8));
  }

  @Test
  void fewLinesAreAllThere() {
    add("one");
    add("");
    add("größer");
    assertEquals(new OutputTail.Shown("one\n\ngrößer\n", false), tail.shown());
  }

  @Test
  void lastLinesStayWhole() {
    IntStream.range(0, 100_000).forEach(i -> add("line " + i));
    OutputTail.Shown shown = tail.shown();
    assertTrue(shown.cut());
    assertTrue(shown.text().length() <= OutputTail.MAX);
    assertTrue(shown.text().length() > OutputTail.MAX - 20, () -> shown.text().length() + "");
    String first = shown.text().lines().findFirst().orElseThrow();
    int from = Integer.parseInt(first.substring("line ".length()));
    assertEquals(
        IntStream.range(from, 100_000)
            .mapToObj(i -> "line " + i + "\n")
            .collect(Collectors.joining()),
        shown.text());
    assertTrue(tail.size() <= 4 * OutputTail.MAX, () -> tail.size() + "");
  }

  /** The key of a secret goes with its line, never without it. */
  @Test
  void secretIsMaskedWhereverTheEndBegins() {
    for (int before = 0; before < 200; before++) {
      OutputTail each = new OutputTail();
      each.add(("DB_PASSWORD=" + "Q".repeat(100)).getBytes(UTF_8));
      each.add("x".repeat(OutputTail.MAX - 150 + before).getBytes(UTF_8));
      each.add("y".repeat(OutputTail.MAX - 200).getBytes(UTF_8));
      each.add("z".getBytes(UTF_8));
      assertFalse(each.shown().text().contains("Q"));
    }
    add("{\"token\": \"" + "Q".repeat(40_000) + "\"}");
    assertEquals("{\"token\": \"***\"}\n", tail.shown().text());
  }

  @Test
  void lineThatIsLongerThanAllThatIsKeptIsCut() {
    add("before");
    add("a".repeat(40_000) + "end");
    OutputTail.Shown shown = tail.shown();
    assertTrue(shown.cut());
    assertEquals(OutputTail.MAX, shown.text().length());
    assertTrue(shown.text().endsWith("aend\n"));
  }
}
