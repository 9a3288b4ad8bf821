package org.nethserver.events.agent.metrics;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Declares the figures of the process itself, as {@code /proc} and the JVM tell them. Their names
 * have our prefix: in a file for node_exporter, {@code process_…} would be that one's own.
 */
final class ProcessFigures {
  private static final Path SELF = Path.of("/proc/self");
  private static final int KIB = 1024;

  private ProcessFigures() {}

  static void declare(Figures figures) {
    figures.gauge(
        "events_build_info",
        "Always 1; the label tells which version this is.",
        taker -> taker.accept(1.0, new String[] {version()}),
        "version");
    ProcessHandle self = ProcessHandle.current();
    double start = self.info().startInstant().map(ProcessFigures::seconds).orElse(0.0);
    figures.gauge(
        "events_process_start_time_seconds", "When the process started, since 1970.", () -> start);
    figures.counted(
        "events_process_cpu_seconds_total",
        "CPU time of the process, without its steps.",
        () -> seconds(self.info().totalCpuDuration().orElse(Duration.ZERO)));
    figures.gauge(
        "events_process_resident_memory_bytes",
        "Resident memory of the process, without its steps.",
        () -> (double) status("VmRSS:") * KIB);
    figures.gauge(
        "events_process_threads",
        "Threads of the process, those of the JVM included.",
        () -> status("Threads:"));
    figures.gauge("events_process_open_fds", "Open file descriptors.", ProcessFigures::descriptors);
    declareHeap(figures, Runtime.getRuntime());
  }

  private static void declareHeap(Figures figures, Runtime jvm) {
    figures.gauge(
        "events_jvm_heap_used_bytes",
        "Heap in use, garbage included.",
        () -> jvm.totalMemory() - jvm.freeMemory());
    figures.gauge(
        "events_jvm_heap_committed_bytes", "Heap that the process has.", jvm::totalMemory);
    figures.gauge("events_jvm_heap_max_bytes", "Heap that the process may have.", jvm::maxMemory);
  }

  private static String version() {
    ModuleDescriptor descriptor = ProcessFigures.class.getModule().getDescriptor();
    return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
  }

  /** Returns the number in a line of the process's status; 0 if there is none. */
  private static long status(String name) {
    try {
      return Files.readAllLines(SELF.resolve("status")).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static int descriptors() {
    int open = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path _ : all) {
        open++;
      }
    } catch (IOException e) {
      return 0;
    }
    return open - 1; // the directory itself
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
