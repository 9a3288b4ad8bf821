package org.nethserver.events.distribution.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTests {
  @TempDir Path directory;

  private Notes notes;

  @BeforeEach
  void expectThreeRuns() {
    notes = new Notes(List.of(directory.resolve("a"), directory.resolve("b")));
    notes.expect(0, "x/event/y", 1, 32);
    notes.expect(0, "x/event/y", 2, 32);
    notes.expect(1, "x/event/y", 1, 32);
  }

  private Notes.Tally tally(String first, String second) throws IOException {
    Files.writeString(directory.resolve("a"), first);
    Files.writeString(directory.resolve("b"), second);
    return notes.tally();
  }

  @Test
  void eachRunOnceInOrderIsExact() throws IOException {
    Notes.Tally tally = tally("x/event/y 1 32\nx/event/y 2 32\n", "x/event/y 1 32\n");

    assertTrue(tally.isExact(), () -> "" + tally);
  }

  @Test
  void missingRunIsLost() throws IOException {
    assertEquals(new Notes.Tally(3, 2, 1, 0, 0, 0), tally("x/event/y 2 32\n", "x/event/y 1 32\n"));
  }

  @Test
  void runOfAnotherAgentDoesNotStandInForOneThatIsLost() throws IOException {
    Notes.Tally tally = tally("x/event/y 1 32\nx/event/y 2 32\nx/event/y 1 32\n", "");

    assertEquals(new Notes.Tally(3, 3, 1, 1, 0, 1), tally);
    assertFalse(tally.isExact());
  }

  @Test
  void laterRunFirstIsDisordered() throws IOException {
    assertEquals(
        new Notes.Tally(3, 3, 0, 0, 0, 1),
        tally("x/event/y 2 32\nx/event/y 1 32\n", "x/event/y 1 32\n"));
  }

  @Test
  void payloadThatWasCutIsStrange() throws IOException {
    assertEquals(
        new Notes.Tally(3, 3, 1, 0, 1, 0),
        tally("x/event/y 1 32\nx/event/y 2 31\n", "x/event/y 1 32\n"));
  }
}
