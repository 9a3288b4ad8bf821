package org.nethserver.events.agent.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process, so that it is known afterwards whether it still lives.
 *
 * @param name what the keys of its runs begin with
 * @param pid its number, which another may get later
 * @param start when it started, in ticks of the kernel's
 * @param boot of which boot of the machine that is
 */
record ProcessMark(String name, long pid, long start, String boot) {
  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");

  /** Where the start stands among the words behind the name of the program. */
  private static final int START = 19;

  /** Marks this process. */
  static ProcessMark ofThis(String name) {
    long pid = -1;
    try {
      // Not by ProcessHandle, which brings up threads that wait for processes.
      pid = Long.parseLong(PROC.resolve("self").toRealPath().getFileName().toString());
    } catch (IOException | NumberFormatException e) {
      // Then nobody knows whether it lives.
    }
    return new ProcessMark(name, pid, startOf(pid), bootNow());
  }

  /** Tells whether that process lives. */
  boolean isAlive() {
    return start >= 0 && boot.equals(bootNow()) && start == startOf(pid);
  }

  /** Returns when a process started; -1 if there is none, or it is only waited for. */
  private static long startOf(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return words[0].equals("Z") ? -1 : Long.parseLong(words[START]);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }

  private static String bootNow() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
