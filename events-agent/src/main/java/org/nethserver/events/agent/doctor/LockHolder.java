package org.nethserver.events.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Who has a file locked, as the kernel lists it. */
final class LockHolder {
  private static final Path LOCKS = Path.of("/proc/locks");

  private LockHolder() {}

  /** Returns the process; empty if there is none, or nobody can tell. */
  static OptionalLong of(Path file) {
    try {
      return of(Files.readAllLines(LOCKS), String.valueOf(Files.getAttribute(file, "unix:ino")));
    } catch (IOException | UnsupportedOperationException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Finds it in lines such as {@code 1: POSIX ADVISORY WRITE 4711 08:01:131 0 EOF}. The device is
   * not compared: some file systems show another one there than a look at the file does.
   */
  static OptionalLong of(List<String> lines, String inode) {
    return lines.stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length >= 6 && words[1].equals("POSIX") && words[3].equals("WRITE"))
        .filter(words -> words[5].endsWith(":" + inode) && words[4].matches("[1-9]\\d*"))
        .mapToLong(words -> Long.parseLong(words[4]))
        .findFirst();
  }
}
