package org.nethserver.events.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes that live now, as {@code /proc} tells. Not one instant: processes come and go while
 * it is read. Those that have ended and wait to be reaped are left out.
 *
 * @param entries the processes that this user may look into, without this one
 */
record ProcessTable(List<Entry> entries) {
  private static final Path PROC = Path.of("/proc");
  private static final byte[] VARIABLE = "AGENT_STEP_RUN=".getBytes(StandardCharsets.US_ASCII);

  /** Copies the list. */
  ProcessTable {
    entries = List.copyOf(entries);
  }

  /**
   * A process.
   *
   * @param pid its number
   * @param parent its parent's, another's once that is gone
   * @param group its process group
   * @param stepRun the start of a step that it comes from, empty if it does not say
   * @param uid the real user of one that says so, else 0
   */
  record Entry(int pid, int parent, int group, String stepRun, int uid) {}

  static ProcessTable read() {
    List<Entry> entries = new ArrayList<>();
    int self = (int) ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (pid != self) {
          entry(pid).ifPresent(entries::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No descriptor left, or no /proc: what was found so far, and the groups, must do.
      return new ProcessTable(entries);
    }
    return new ProcessTable(entries);
  }

  /**
   * Sends a signal to a process that left its group, unless its number was given to another since
   * it was found: once the pidfd is open the number cannot change hands unnoticed, so what is
   * looked at then is what will be hit.
   */
  static void signal(Entry entry, int signal) {
    int pidfd = Posix.pidfdOpen(entry.pid());
    if (pidfd < 0) {
      return;
    }
    try {
      Optional<Entry> now = entry(entry.pid());
      if (now.isPresent()
          && now.get().stepRun().equals(entry.stepRun())
          && now.get().uid() == entry.uid()) {
        Posix.pidfdSendSignal(pidfd, signal);
      }
    } finally {
      Posix.close(pidfd);
    }
  }

  private static Optional<Entry> entry(int pid) {
    Path process = PROC.resolve(Integer.toString(pid));
    try {
      String stat =
          new String(Files.readAllBytes(process.resolve("stat")), StandardCharsets.ISO_8859_1);
      // "pid (name) state parent group …", where the name may hold blanks and brackets.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return Optional.empty();
      }
      String stepRun = stepRun(process);
      int uid = stepRun.isEmpty() ? 0 : uid(process);
      return Optional.of(
          new Entry(pid, Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), stepRun, uid));
    } catch (IOException e) {
      // It ended while it was looked at.
      return Optional.empty();
    }
  }

  private static int uid(Path process) throws IOException {
    // "Uid:", then the real, the effective, the saved and the file system's.
    for (String line : Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("Uid:\t")) {
        return Integer.parseUnsignedInt(line.split("\t", 3)[1]);
      }
    }
    throw new IOException("no user of process " + process);
  }

  private static String stepRun(Path process) {
    byte[] environment;
    try {
      environment = Files.readAllBytes(process.resolve("environ"));
    } catch (IOException e) {
      // Another user's, or ended just now.
      return "";
    }
    int start = 0;
    for (int i = 0; i <= environment.length; i++) {
      if (i == environment.length || environment[i] == 0) {
        if (startsWith(environment, start, i)) {
          int value = start + VARIABLE.length;
          return new String(environment, value, i - value, StandardCharsets.UTF_8);
        }
        start = i + 1;
      }
    }
    return "";
  }

  private static boolean startsWith(byte[] environment, int start, int end) {
    if (end - start < VARIABLE.length) {
      return false;
    }
    for (int i = 0; i < VARIABLE.length; i++) {
      if (environment[start + i] != VARIABLE[i]) {
        return false;
      }
    }
    return true;
  }
}
