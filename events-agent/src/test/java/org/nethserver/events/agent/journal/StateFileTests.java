package org.nethserver.events.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTests {
  @TempDir private Path directory;
  private final List<String> told = new ArrayList<>();

  private final class Told implements StateFile.Listener {
    @Override
    public void unwritable(Path file, String why) {
      told.add("unwritable " + file.getParent() + ": " + why);
    }

    @Override
    public void writable(Path file) {
      told.add("writable " + file.getParent());
    }
  }

  private StateFile open(Path where) throws IOException {
    return StateFile.open(where, new Told());
  }

  @Test
  void linesAreThereAtOnceAndForTheOwnerAlone() throws IOException {
    try (StateFile file = open(directory)) {
      file.add("a\n");
      file.add("b\nc\n");
      assertEquals(List.of("a", "b", "c"), StateFile.read(file.path()));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
      assertFalse(file.grown());
    }
    try (StateFile file = open(directory)) {
      file.add("d\n");
      assertEquals(List.of("a", "b", "c", "d"), StateFile.read(file.path()));
    }
    assertEquals(List.of(), told);
  }

  @Test
  void thereAreNoLinesWithoutFile() throws IOException {
    assertEquals(List.of(), StateFile.read(StateFile.in(directory)));
  }

  @Test
  void secondOneIsRefusedUntilTheFirstIsClosed() throws IOException {
    StateFile first = open(directory);
    IOException refused = assertThrows(IOException.class, () -> open(directory));
    assertEquals(
        "another process keeps the journal of this agent in "
            + directory
            + ": end it, or give this one another --state-directory",
        refused.getMessage());
    first.close();
    open(directory).close();
  }

  @Test
  void replacedLinesAreAllThereIsAndMoreMayBeAdded() throws IOException {
    try (StateFile file = open(directory)) {
      file.add("x".repeat(1 << 20) + "\n");
      file.add("y\n");
      assertTrue(file.grown());
      file.replace("z\n");
      assertFalse(file.grown());
      file.add("a\n");
      file.sync();
      assertEquals(List.of("z", "a"), StateFile.read(file.path()));
    }
    assertEquals(List.of(), told);
  }

  @Test
  void linkInItsPlaceIsNotFollowed() throws IOException {
    Path other = Files.createFile(directory.resolve("other"));
    Files.createSymbolicLink(StateFile.in(directory), other);
    assertThrows(IOException.class, () -> open(directory));
    assertEquals(0, Files.size(other));
  }

  @Test
  void fullDiskIsToldOnceAndAllIsWrittenAnew() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", disk.toString()) == 0,
        "no file system may be mounted");
    try (StateFile file = open(disk)) {
      file.add("before\n");
      run("dd", "if=/dev/zero", "of=" + disk.resolve("full"), "bs=1k", "count=100");
      for (int i = 0; i < 2_000; i++) {
        file.add("line " + i + "\n");
      }
      assertTrue(file.grown(), "all is to be written anew");
      file.replace("too much for it\n");
      assertEquals(1, told.size(), told.toString());
      assertTrue(
          told.getFirst().matches("unwritable .*/disk: No space left on device"), told.toString());
      assertTrue(StateFile.read(file.path()).contains("before"), "what was there is there");

      Files.delete(disk.resolve("full"));
      file.replace("all\n");
      file.add("more\n");
      assertEquals(List.of("all", "more"), StateFile.read(file.path()));
      assertEquals("writable " + disk, told.getLast());
      assertEquals(2, told.size());
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
