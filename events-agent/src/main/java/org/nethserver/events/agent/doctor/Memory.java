package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nethserver.events.api.spi.Finding;

/** Whether there is the memory that the launcher lets an agent take at most. */
final class Memory implements Examination {
  /** Beside its heap: code, classes, threads, and what Redis sent. */
  private static final long BESIDE_HEAP = 96L << 20;

  private final Path process;

  Memory(Path process) {
    this.process = process;
  }

  @Override
  public List<Finding> findings() throws IOException {
    // This process was started with the options of an agent.
    long heap = Runtime.getRuntime().maxMemory();
    OptionalLong lowest = OptionalLong.empty();
    for (Path group : Cgroup.of(process)) {
      OptionalLong limit = Cgroup.number(group.resolve("memory.max"));
      if (limit.isPresent() && (lowest.isEmpty() || limit.getAsLong() < lowest.getAsLong())) {
        lowest = limit;
      }
    }
    return List.of(group(lowest, heap), host(Files.readString(Path.of("/proc/meminfo")), heap));
  }

  static Finding group(OptionalLong limit, long heap) {
    if (limit.isEmpty()) {
      return ok("memory-max", "no control group limits the memory");
    }
    long needed = heap + BESIDE_HEAP;
    String what =
        "the control group allows %s, and an agent takes %s at most"
            .formatted(mebibytes(limit.getAsLong()), mebibytes(needed));
    return limit.getAsLong() < needed
        ? warning(
            "memory-max",
            what + ": the kernel may kill it, and steps count too",
            "set MemoryMax= of its unit to more, or a lower -Xmx in lib/events.options")
        : ok("memory-max", what);
  }

  static Finding host(String meminfo, long heap) {
    long available = kibibytes(meminfo, "MemAvailable") << 10;
    String what =
        "%s of %s are available"
            .formatted(mebibytes(available), mebibytes(kibibytes(meminfo, "MemTotal") << 10));
    return available < heap
        ? warning(
            "memory",
            what + ", less than the heap of an agent may take (" + mebibytes(heap) + ")",
            "free memory, or host all agents of the node in one process: docs/hosting.md")
        : ok("memory", what);
  }

  private static long kibibytes(String meminfo, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ": +(\\d+) kB").matcher(meminfo);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
