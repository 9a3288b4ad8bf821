package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and the processes that it keeps cost. Threads that have ended count, children that
 * were waited for do not: these are steps.
 */
final class ProcessTree {
  // The build allows this program native access.
  @SuppressWarnings("restricted")
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** The numbers of all processes as they are now. */
  List<Long> processes() {
    return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid).toList();
  }

  int size() {
    return processes().size();
  }

  /** CPU time so far, to the nanosecond: /proc has it in hundredths of a second only. */
  Duration cpu() {
    return Duration.ofNanos(processes().stream().mapToLong(ProcessTree::cpu).sum());
  }

  private static long cpu(long pid) {
    // As clock_getcpuclockid(3) makes it: the clock of all threads, ended ones included.
    int clock = (int) (~pid << 3 | 2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
      return failed != 0
          ? 0
          : time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
              + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (Throwable e) {
      throw new AssertionError("clock_gettime", e);
    }
  }

  /**
   * Memory.
   *
   * @param rss resident, in MB
   * @param pss the same, with pages that processes share divided among them
   */
  record Memory(double rss, double pss) {}

  Memory memory() throws IOException {
    return memory(processes());
  }

  /** The memory of some of the processes. */
  static Memory memory(List<Long> processes) throws IOException {
    long rss = 0;
    long pss = 0;
    for (long pid : processes) {
      for (String line : rollup(pid)) {
        rss += kilobytes(line, "Rss:");
        pss += kilobytes(line, "Pss:");
      }
    }
    return new Memory(rss / 1024.0, pss / 1024.0);
  }

  /** How many files processes have open. */
  static int descriptors(List<Long> processes) throws IOException {
    return entries(processes, "fd");
  }

  /** How many threads processes have. */
  static int threads(List<Long> processes) throws IOException {
    return entries(processes, "task");
  }

  private static int entries(List<Long> processes, String directory) throws IOException {
    int count = 0;
    for (long pid : processes) {
      try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid, directory))) {
        count += (int) entries.count();
      } catch (NoSuchFileException e) {
        continue; // it has ended
      }
    }
    return count;
  }

  private static List<String> rollup(long pid) throws IOException {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"));
    } catch (NoSuchFileException e) {
      return List.of(); // it has ended
    }
  }

  private static long kilobytes(String line, String name) {
    return line.startsWith(name)
        ? Long.parseLong(line.substring(name.length()).replace("kB", "").strip())
        : 0;
  }
}
