package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepEntry.Disposition;

final class TrustTest {
  private static final int NOBODY = 65534;

  @TempDir private Path root;
  private Scripts scripts;
  private Path script;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
    script = scripts.bash("10step", "true");
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  @Test
  void worldWritableFileIsRefused() {
    Scripts.chmod(script, "rwxr-xrwx");
    assertEquals(
        "\"10step\" is writable by everyone (mode 0757); run chmod o-w", scripts.refusal("10step"));
  }

  @Test
  void worldWritableEventDirectoryIsRefused() {
    Scripts.chmod(scripts.eventDirectory(), "rwxrwxrwx");
    assertEquals(
        "\"" + scripts.eventDirectory() + "\" is writable by everyone (mode 0777); run chmod o-w",
        scripts.refusal("10step"));
  }

  @Test
  void worldWritableEventsDirectoryIsRefused() {
    Scripts.chmod(root, "rwxr-xrwx");
    assertEquals(
        "\"" + root + "\" is writable by everyone (mode 0757); run chmod o-w",
        scripts.refusal("10step"));
  }

  @Test
  void maskInAnUntrustedDirectoryMasksNothing() throws IOException {
    Files.createSymbolicLink(scripts.eventDirectory().resolve("20mask"), Path.of("/dev/null"));
    Scripts.chmod(scripts.eventDirectory(), "rwxrwxrwx");
    assertInstanceOf(Disposition.Refused.class, scripts.disposition("20mask"));
  }

  @Test
  void ownGroupMayWrite() {
    Scripts.chmod(script, "rwxrwxr-x");
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
  }

  @Test
  void trustAnyRunsEverything() {
    Scripts.chmod(script, "rwxrwxrwx");
    Scripts.chmod(scripts.eventDirectory(), "rwxrwxrwx");
    Scripts.chmod(root, "rwxrwxrwx");
    try (Scripts any = new Scripts(root, Trust.ANY)) {
      assertInstanceOf(Disposition.Runs.class, any.disposition("10step"));
    }
  }

  @Test
  void targetInAWorldWritableDirectoryIsRefusedEvenWithStickyBit() throws IOException {
    Path shared = Files.createDirectory(root.resolve("shared"));
    Files.move(script, shared.resolve("target"));
    Files.createSymbolicLink(script, Path.of("../shared/target"));
    Scripts.chmod(shared, "rwxrwxrwx");
    assertTrue(scripts.refusal("10step").startsWith("\"" + shared.toRealPath() + "\" is writable"));
    Files.setAttribute(shared, "unix:mode", 01777);
    assertTrue(scripts.refusal("10step").startsWith("\"" + shared.toRealPath() + "\" is writable"));
  }

  @Test
  void linkThroughAnUntrustedLinkIsRefused() throws IOException {
    // Whoever can write to the directory of the link in between chooses what runs.
    Path shared = Files.createDirectory(root.resolve("shared"));
    Path target = root.resolve("target");
    Files.move(script, target);
    Files.createSymbolicLink(shared.resolve("between"), target);
    Files.createSymbolicLink(script, Path.of("../shared/between"));
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
    Scripts.chmod(shared, "rwxrwxrwx");
    assertTrue(scripts.refusal("10step").contains("writable by everyone (mode 0777)"));
  }

  @Test
  void directoryOnTheWayToTheTargetIsExamined() throws IOException {
    Path outer = Files.createDirectory(root.resolve("outer"));
    Path inner = Files.createDirectory(outer.resolve("inner"));
    Files.move(script, inner.resolve("target"));
    Files.createSymbolicLink(script, Path.of("../outer/inner/target"));
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
    Scripts.chmod(outer, "rwxrwxrwx");
    assertTrue(scripts.refusal("10step").startsWith("\"" + outer.toRealPath() + "\""));
  }

  @Test
  void linkedEventDirectoryIsExaminedAtItsTarget() throws IOException {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.move(script, elsewhere.resolve("10step"));
    Files.delete(scripts.eventDirectory());
    Files.createSymbolicLink(scripts.eventDirectory(), elsewhere);
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
    Scripts.chmod(elsewhere, "rwxrwxrwx");
    assertTrue(scripts.refusal("10step").contains("writable by everyone"));
  }

  /** Gives files away, which only root can. */
  @Nested
  final class FilesOfOthers {
    @BeforeEach
    void onlyRootGivesFilesAway() {
      assumeTrue(Posix.geteuid() == 0, "needs root: only root can give a file to another user");
    }

    @Test
    void fileOfAnotherUserIsRefused() throws IOException {
      give(script, NOBODY, 0);
      assertEquals(
          "\"10step\" is owned by user 65534, neither root nor the agent's own; run chown 0",
          scripts.refusal("10step"));
    }

    @Test
    void directoriesOfAnotherUserAreRefused() throws IOException {
      give(scripts.eventDirectory(), NOBODY, 0);
      assertTrue(scripts.refusal("10step").contains("\" is owned by user 65534"));
      give(scripts.eventDirectory(), 0, 0);
      give(root, NOBODY, 0);
      assertTrue(scripts.refusal("10step").startsWith("\"" + root + "\" is owned by user 65534"));
    }

    @Test
    void foreignGroupMayReadButNotWrite() throws IOException {
      give(script, 0, NOBODY);
      assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
      Scripts.chmod(script, "rwxrwxr-x");
      assertEquals(
          "\"10step\" is writable by group 65534 (mode 0775); run chmod g-w",
          scripts.refusal("10step"));
    }

    @Test
    void linkOfAnotherUserInAStickyDirectoryIsRefused() throws IOException {
      Path outer = Files.createDirectory(root.resolve("outer"));
      Path inner = Files.createDirectory(root.resolve("inner"));
      Files.setAttribute(outer, "unix:mode", 01777);
      Files.move(script, inner.resolve("target"));
      Path between = Files.createSymbolicLink(outer.resolve("between"), inner);
      Files.createSymbolicLink(script, Path.of("../outer/between/target"));
      assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
      Files.setAttribute(between, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
      assertTrue(scripts.refusal("10step").contains("is owned by user 65534"));
    }

    private static void give(Path file, int user, int group) throws IOException {
      Files.setAttribute(file, "unix:uid", user);
      Files.setAttribute(file, "unix:gid", group);
    }
  }
}
