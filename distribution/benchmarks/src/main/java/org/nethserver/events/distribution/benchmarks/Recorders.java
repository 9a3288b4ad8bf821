package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How fast recorders keep what is published, and what they take for it. */
final class Recorders {
  private static final String EVENT = "thing-recorded";
  private static final Duration INTERVAL = Duration.ofMillis(12);

  private Recorders() {}

  /**
   * What came of it.
   *
   * @param recorders how many there were
   * @param events how many were published as fast as they were recorded
   * @param recorded how many of them were recorded
   * @param took until then
   * @param cpu that all recorders together took for them
   * @param redisCpu that Redis took for them, publishing and subscribers included
   * @param idle memory of one of them before, in MB
   * @param after memory of it after
   * @param lags from the {@code PUBLISH} of a single event until it is recorded
   */
  record Recorded(
      int recorders,
      int events,
      long recorded,
      Duration took,
      Duration cpu,
      Duration redisCpu,
      double idle,
      double after,
      List<Duration> lags) {
    double perSecond() {
      return recorded * 1e9 / took.toNanos();
    }

    double cpuMicros() {
      return cpu.toNanos() / 1e3 / events;
    }

    double redisCpuMicros() {
      return redisCpu.toNanos() / 1e3 / events;
    }

    /** A lag that so many percent do not exceed, in milliseconds. */
    double lag(int percent) {
      List<Duration> sorted = lags.stream().sorted().toList();
      int index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
      return sorted.get(index).toNanos() / 1e6;
    }
  }

  /**
   * Has some recorders record.
   *
   * @param image the built image
   * @param recorders how many
   * @param events how many as fast as they are recorded
   * @param single how many one by one
   */
  static Recorded run(Path image, int recorders, int events, int single)
      throws IOException, InterruptedException {
    try (Recording recording = Recording.start(image, recorders);
        Publisher publisher = new Publisher(recording.redis().port())) {
      // What is compiled and loaded once is no cost of an event.
      recording.flood(publisher, EVENT, Math.min(events, Recording.OUTSTANDING));
      ProcessTree first = recording.recorders().getFirst();
      double idle = first.memory().rss();
      Duration cpu = cpu(recording);
      double redisCpu = recording.redisCpu();
      long begin = System.nanoTime();
      long recorded = recording.flood(publisher, EVENT, events);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      Duration used = cpu(recording).minus(cpu);
      double redisUsed = recording.redisCpu() - redisCpu;
      double after = first.memory().rss();
      List<Duration> lags = new ArrayList<>();
      for (int i = 0; i < single; i++) {
        LockSupport.parkNanos(INTERVAL.toNanos());
        lags.add(recording.single(publisher, EVENT, i));
      }
      return new Recorded(
          recorders,
          events,
          recorded,
          took,
          used,
          Duration.ofNanos((long) (redisUsed * 1e9)),
          idle,
          after,
          lags);
    }
  }

  private static Duration cpu(Recording recording) {
    return recording.recorders().stream()
        .map(ProcessTree::cpu)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
