package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Variables;

final class EnvironmentFileTests {
  /** For it, every file has long been as it is. */
  private static final Clock TOMORROW = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void write() throws IOException {
    path = directory.resolve("environment");
    Files.writeString(path, "A=1\n");
  }

  private EnvironmentFile file(Clock clock) {
    return new EnvironmentFile(path, Variables.NONE, FileReading.plain(), clock);
  }

  /** Lets the clock of the file system tick, so that the next change has a time of its own. */
  private void tick() throws IOException {
    Path probe = directory.resolve("probe");
    FileTime before = touch(probe);
    while (touch(probe).equals(before)) {
      Thread.onSpinWait();
    }
  }

  private static FileTime touch(Path probe) throws IOException {
    Files.writeString(probe, "");
    return (FileTime) Files.getAttribute(probe, "unix:ctime");
  }

  @Test
  void unchangedFileIsNotReadAgain() throws IOException {
    EnvironmentFile file = file(TOMORROW);
    assertSame(file.variables(), file.variables());
  }

  @Test
  void fileThatWasChangedJustNowIsReadAgain() throws IOException {
    EnvironmentFile file = file(Clock.systemUTC());
    assertNotSame(file.variables(), file.variables());
  }

  @Test
  void changesWithinOneTickAreSeen() throws IOException {
    EnvironmentFile file = file(Clock.systemUTC());
    for (int i = 0; i < 1000; i++) {
      Files.writeString(path, "A=" + (1000 + i) + "\n");
      assertEquals(Optional.of("" + (1000 + i)), file.variables().value("A"));
    }
  }

  @Test
  void rewrittenFileOfTheSameSizeAndModificationTimeIsReadAgain() throws IOException {
    EnvironmentFile file = file(TOMORROW);
    FileTime modified = Files.getLastModifiedTime(path);
    assertEquals(Optional.of("1"), file.variables().value("A"));
    tick();
    Files.writeString(path, "A=2\n");
    Files.setLastModifiedTime(path, modified);
    assertEquals(Optional.of("2"), file.variables().value("A"));
  }

  @Test
  void fileThatWasReplacedByAnOlderOneIsReadAgain() throws IOException {
    Path other = directory.resolve("other");
    Files.writeString(other, "A=3\n");
    Files.setLastModifiedTime(other, FileTime.from(Instant.EPOCH));
    EnvironmentFile file = file(TOMORROW);
    assertEquals(Optional.of("1"), file.variables().value("A"));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.of("3"), file.variables().value("A"));
  }

  @Test
  void fileThatVanishedAndCameBackIsToldAndThenReadAgain() throws IOException {
    EnvironmentFile file = file(TOMORROW);
    assertEquals(Optional.of("1"), file.variables().value("A"));
    Files.delete(path);
    assertThrows(IOException.class, file::variables);
    Files.writeString(path, "A=4\n");
    assertEquals(Optional.of("4"), file.variables().value("A"));
  }
}
