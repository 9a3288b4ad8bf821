package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepEntry.Disposition;

/** What a look-up keeps, for a directory whose files have long been as they are. */
final class SnapshotTest {
  private static final InstantSource TOMORROW =
      InstantSource.offset(InstantSource.system(), Duration.ofDays(1));

  @TempDir private Path top;
  private Path root;
  private Scripts scripts;
  private Path first;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectory(top.resolve("events"));
    scripts = new Scripts(root, Trust.OWNER, TOMORROW);
    first = scripts.bash("10first", "true");
    scripts.bash("20second", "true");
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  /** Looks once, and lets the clock of the file system tick. */
  private void lookAndWait() throws IOException {
    assertEquals(List.of("10first", "20second"), scripts.names());
    Path probe = top.resolve("probe");
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
  void unchangedDirectoryIsNotListedAgain() {
    assertSame(scripts.source().entries(Scripts.EVENT), scripts.source().entries(Scripts.EVENT));
  }

  @Test
  void directoryThatChangedJustNowIsListedAgain() throws IOException {
    try (Scripts now = new Scripts(root, Trust.OWNER, InstantSource.system())) {
      assertNotSame(now.source().entries(Scripts.EVENT), now.source().entries(Scripts.EVENT));
    }
  }

  @Test
  void addedStepIsSeen() throws IOException {
    lookAndWait();
    scripts.bash("15between", "true");
    assertEquals(List.of("10first", "15between", "20second"), scripts.names());
  }

  @Test
  void removedStepIsSeen() throws IOException {
    lookAndWait();
    Files.delete(first);
    assertEquals(List.of("20second"), scripts.names());
  }

  @Test
  void changedModeIsSeen() throws IOException {
    lookAndWait();
    Scripts.chmod(first, "rw-r--r--");
    assertInstanceOf(Disposition.Refused.class, scripts.disposition("10first"));
  }

  @Test
  void stepThatWasReplacedByALinkToNothingIsSeen() throws IOException {
    lookAndWait();
    Path mask = Files.createSymbolicLink(root.resolve("mask"), Path.of("/dev/null"));
    Files.move(mask, first, StandardCopyOption.REPLACE_EXISTING);
    assertInstanceOf(Disposition.Masks.class, scripts.disposition("10first"));
  }

  @Test
  void changedModeOfTheEventsDirectoryIsSeen() throws IOException {
    lookAndWait();
    Scripts.chmod(root, "rwxrwxrwx");
    assertInstanceOf(Disposition.Refused.class, scripts.disposition("10first"));
  }

  @Test
  void changedModeOfTheEventsOwnDirectoryIsSeen() throws IOException {
    lookAndWait();
    Scripts.chmod(scripts.eventDirectory(), "rwxrwxrwx");
    assertInstanceOf(Disposition.Refused.class, scripts.disposition("10first"));
  }

  @Test
  void eventsDirectoryThatWasReplacedAsAWholeIsSeen() throws IOException {
    lookAndWait();
    Path next = Files.createDirectory(top.resolve("next"));
    Files.move(root, top.resolve("last"));
    Files.move(next, root);
    assertEquals(List.of(), scripts.names());
    scripts.bash("30third", "true");
    assertEquals(List.of("30third"), scripts.names());
  }

  @Test
  void whatALinkLeadsToIsLookedAtEachTime() throws IOException {
    Path target = top.resolve("target");
    Files.writeString(target, "#!/bin/sh\n");
    Scripts.chmod(target, "rwxr-xr-x");
    Files.createSymbolicLink(scripts.eventDirectory().resolve("30linked"), target);
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("30linked"));
    Scripts.chmod(target, "rw-r--r--");
    assertInstanceOf(Disposition.Refused.class, scripts.disposition("30linked"));
  }
}
