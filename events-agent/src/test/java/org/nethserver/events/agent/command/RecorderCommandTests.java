package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code events recorder} refuses; what it does is tested on the image. */
final class RecorderCommandTests {
  private final Shell shell = new Shell();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    shell.close();
  }

  private Shell.Result record(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "recorder";
    arguments[1] = "--redis=fake://here";
    arguments[2] = "--catalog=" + directory;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Shell.type(arguments);
  }

  /** Which events it calls sensitive nobody knows. */
  @Test
  void catalogueThatCannotBeReadIsRefused() throws IOException {
    Path file = directory.resolve("own.json");
    Files.writeString(file, "{");
    Path none = directory.resolve("none");
    Shell.Result refused = record("--catalog=" + none);
    assertEquals(2, refused.exitCode(), refused::toString);
    assertEquals("", refused.out());
    assertEquals(
        """
        catalogue file "%s" is not JSON: it ends too early (line 1, column 2); complete it
        catalogue directory "%s" cannot be read (it does not exist)
        Not recording: what cannot be read may name a sensitive event; mend it, or say --record-sensitive
        """
            .formatted(file, none),
        refused.err());
    assertEquals(List.of(), shell.transport.opened);
  }

  /** With nothing withheld there is no need for a catalogue. */
  @Test
  void withSensitiveEventsRecordedTheCatalogueIsNotRead() throws IOException {
    Files.writeString(directory.resolve("own.json"), "{");
    Shell.Result refused = record("--record-sensitive");
    assertEquals(2, refused.exitCode(), refused::toString);
    assertEquals("fake://here cannot keep a journal\n", refused.err());
  }
}
