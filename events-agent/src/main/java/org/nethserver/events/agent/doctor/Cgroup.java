package org.nethserver.events.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The control groups that a process is in, of version 2. */
final class Cgroup {
  private static final Path MOUNTED = Path.of("/sys/fs/cgroup");

  private Cgroup() {}

  /** Returns the group and all above it, as all limit; none where none can be seen. */
  static List<Path> of(Path process) throws IOException {
    List<Path> groups = new ArrayList<>();
    for (String line : Files.readAllLines(process.resolve("cgroup"))) {
      if (line.startsWith("0::/") && Files.exists(MOUNTED.resolve("cgroup.controllers"))) {
        @Nullable Path group = MOUNTED.resolve(line.substring("0::/".length())).normalize();
        while (group != null && group.startsWith(MOUNTED)) {
          groups.add(group);
          group = group.getParent();
        }
      }
    }
    return groups;
  }

  /** Returns a limit; empty if there is none. */
  static OptionalLong number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("\\d{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // the root of all groups has none
    }
  }
}
