package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.spi.StepListener;

final class LineSplitterTest {
  private final List<byte[]> lines = new ArrayList<>();
  private final LineSplitter splitter = new LineSplitter(lines::add);

  @Test
  void linesAreCutAtNewlinesWhereverTheChunksEnd() {
    for (String chunk : List.of("on", "e\ntwo\n\nth", "", "ree", "\n")) {
      feed(chunk);
    }
    assertEquals(List.of("one", "two", "", "three"), text());
  }

  @Test
  void lastLineWithoutNewlineComesWithTheFlush() {
    feed("a\nlast");
    assertEquals(List.of("a"), text());
    splitter.flush();
    splitter.flush();
    assertEquals(List.of("a", "last"), text());
  }

  @Test
  void nothingIsFlushedAfterANewline() {
    feed("a\n");
    splitter.flush();
    assertEquals(List.of("a"), text());
  }

  @Test
  void bytesThatAreNoTextPassUnchanged() {
    byte[] odd = {0, (byte) 0xff, '\r', (byte) 0xc3, 27};
    splitter.feed(Arrays.copyOf(odd, odd.length), odd.length);
    feed("\n");
    assertArrayEquals(odd, lines.getFirst());
  }

  @Test
  void longestLineIsWhole() {
    feed("x".repeat(StepListener.MAX_LINE) + "\n");
    assertEquals(List.of("x".repeat(StepListener.MAX_LINE)), text());
  }

  @Test
  void longerLineIsCutAndSaysHowMuch() {
    feed("x".repeat(StepListener.MAX_LINE) + "y\nnext\n");
    assertEquals("x".repeat(StepListener.MAX_LINE) + " [1 bytes cut]", text().getFirst());
    assertEquals("next", text().getLast());
  }

  @Test
  void cutIsCountedOverManyChunks() {
    byte[] chunk = new byte[64 * 1024];
    Arrays.fill(chunk, (byte) 'z');
    for (int i = 0; i < 16_384; i++) {
      splitter.feed(chunk, chunk.length);
    }
    splitter.flush();
    assertEquals(1, lines.size());
    assertTrue(
        text().getFirst().endsWith("z [" + ((1L << 30) - StepListener.MAX_LINE) + " bytes cut]"),
        () -> text().getFirst().substring(StepListener.MAX_LINE));
  }

  @Test
  void onlyTheCountedBytesAreTaken() {
    splitter.feed("ab\ncd".getBytes(StandardCharsets.US_ASCII), 3);
    splitter.flush();
    assertEquals(List.of("ab"), text());
  }

  private void feed(String chunk) {
    byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
    splitter.feed(bytes, bytes.length);
  }

  private List<String> text() {
    return lines.stream().map(line -> new String(line, StandardCharsets.UTF_8)).toList();
  }
}
