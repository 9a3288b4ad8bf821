package org.nethserver.events.agent.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.history.Segments.Bounds;
import org.nethserver.events.agent.history.Segments.Line;

final class SegmentsTests {
  private static final byte[] MARK = "{\"process\":\"p-\"}\n".getBytes(UTF_8);
  private static final long SEED = Long.getLong("segments.seed", System.nanoTime());

  @TempDir private Path state;

  private static Line run(int number, int padding) {
    return new Line(
        ("{\"run\":\"p-" + number + "\",\"x\":\"" + "y".repeat(padding) + "\"}\n").getBytes(UTF_8),
        1);
  }

  private List<Path> files() throws IOException {
    return List.copyOf(Segments.files(Segments.in(state)).values());
  }

  private List<String> keys() throws IOException {
    List<String> keys = new ArrayList<>();
    for (Path file : files()) {
      Files.readAllLines(file).stream()
          .map(RunLines::key)
          .filter(key -> !key.isEmpty())
          .forEach(keys::add);
    }
    return keys;
  }

  @Test
  void defaultBoundsAreTheDocuments() {
    Bounds bounds = Bounds.DEFAULT;
    assertTrue(bounds.files() * bounds.runs() <= 10_000);
    assertTrue(bounds.files() * bounds.runs() > 9_900);
    assertEquals(64L << 20, (long) bounds.files() * bounds.bytes());
  }

  /** Whatever comes, in however many processes: the newest are there, and no more than may be. */
  @Test
  void newestStayWithinTheBounds() throws IOException {
    Random random = new Random(SEED);
    Bounds bounds = new Bounds(4, 10, 2_000);
    int written = 0;
    for (int process = 0; process < 30; process++) {
      try (Segments segments = Segments.open(state, bounds, MARK)) {
        for (int part = 0; part < 5; part++) {
          List<Line> lines = new ArrayList<>();
          for (int i = random.nextInt(8); i > 0; i--) {
            lines.add(run(written++, random.nextInt(300)));
          }
          assertEquals(lines.size(), segments.add(lines));
        }
      }
      String why = "-Dsegments.seed=" + SEED;
      assertTrue(files().size() <= 4, why);
      for (Path file : files()) {
        assertTrue(Files.size(file) <= 2_000, why + " " + file + " " + Files.size(file));
        assertTrue(Files.readString(file).startsWith("{\"process\""), why);
      }
      List<String> keys = keys();
      assertTrue(keys.size() <= 40, why);
      for (int i = 0; i < keys.size(); i++) {
        assertEquals("p-" + (written - keys.size() + i), keys.get(i), why);
      }
    }
    assertTrue(files().getFirst().getFileName().toString().compareTo("000010") > 0);
  }

  @Test
  void lineThatIsLargerThanAFileHasOneOfItsOwn() throws IOException {
    try (Segments segments = Segments.open(state, new Bounds(4, 10, 500), MARK)) {
      segments.add(List.of(run(0, 10), run(1, 1_000), run(2, 10)));
    }
    assertEquals(3, files().size());
    assertEquals(List.of("p-0", "p-1", "p-2"), keys());
  }

  @Test
  void filesAreOneProcesses() throws IOException {
    Bounds bounds = new Bounds(4, 10, 500);
    try (Segments first = Segments.open(state, bounds, MARK)) {
      first.add(List.of(run(0, 1)));
      assertThrows(Segments.InUseException.class, () -> Segments.open(state, bounds, MARK));
      first.add(List.of(run(1, 1)));
    }
    Segments.open(state, bounds, MARK).close();
    assertEquals(List.of("p-0", "p-1"), keys());
  }

  @Test
  void linkInThePlaceOfAFileIsNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(state.resolve("elsewhere"), "mine\n");
    Files.createDirectory(Segments.in(state));
    Files.createSymbolicLink(Segments.in(state).resolve("000001.jsonl"), elsewhere);
    try (Segments segments = Segments.open(state, new Bounds(4, 10, 500), MARK)) {
      segments.add(List.of(run(0, 1)));
    }
    assertEquals("mine\n", Files.readString(elsewhere));
    assertFalse(Files.isSymbolicLink(Segments.in(state).resolve("000002.jsonl")));
    assertThrows(IOException.class, () -> RunHistory.of(state).runs(_ -> true));
  }
}
