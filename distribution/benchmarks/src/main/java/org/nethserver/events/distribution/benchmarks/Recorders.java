package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** Recorders of the image on a Redis of their own, and how fast they keep what is published. */
final class Recorders implements AutoCloseable {
  private static final String KEY = "cluster/events";
  private static final String STATE = KEY + "/recorders";

  /** Far below what a recorder lets wait. */
  private static final int OUTSTANDING = 20_000;

  private static final int BATCH = 500;
  private static final Duration INTERVAL = Duration.ofMillis(12);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RedisServer redis = RedisServer.start("--appendonly", "yes");
  private final List<Process> processes = new ArrayList<>();
  private final Path logs;

  private Recorders() throws IOException {
    logs = Files.createTempDirectory("events-benchmark");
  }

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
    try (Recorders running = new Recorders()) {
      for (int i = 0; i < recorders; i++) {
        running.start(image);
      }
      return running.measure(events, single);
    }
  }

  private void start(Path image) throws IOException, InterruptedException {
    Path log = logs.resolve("recorder-" + processes.size());
    ProcessBuilder builder =
        new ProcessBuilder(
            image.resolve("bin/events").toString(),
            "recorder",
            "--max-events=100000000",
            "--max-bytes=16GiB");
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    processes.add(process);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(log).contains("Recording to")) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a recorder does not record; it said:\n" + Files.readString(log));
      }
      Thread.sleep(10);
    }
  }

  private Recorded measure(int events, int single) throws IOException, InterruptedException {
    try (Publisher publisher = new Publisher(redis.port());
        RedisProbe probe = redis.probe()) {
      // What is compiled and loaded once is no cost of an event.
      flood(publisher, probe, Math.min(events, OUTSTANDING));
      ProcessTree first = new ProcessTree(processes.getFirst().toHandle());
      double idle = first.memory().rss();
      Duration cpu = cpu();
      double redisCpu = redisCpu(probe);
      long begin = System.nanoTime();
      long recorded = flood(publisher, probe, events);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      Duration used = cpu().minus(cpu);
      double redisUsed = redisCpu(probe) - redisCpu;
      double after = first.memory().rss();
      List<Duration> lags = new ArrayList<>();
      for (int i = 0; i < single; i++) {
        lags.add(single(publisher, probe, i));
      }
      return new Recorded(
          processes.size(),
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

  private Duration cpu() {
    return processes.stream()
        .map(process -> new ProcessTree(process.toHandle()).cpu())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static double redisCpu(RedisProbe probe) throws IOException {
    return probe
        .text("INFO", "cpu")
        .lines()
        .filter(line -> line.matches("used_cpu_(user|sys):.*"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  /** Publishes, and waits until all is recorded; returns how much was. */
  private static long flood(Publisher publisher, RedisProbe probe, int events) throws IOException {
    long before = number(probe);
    long progress = System.nanoTime();
    int sent = 0;
    long recorded = 0;
    while (recorded < events && System.nanoTime() - progress < PATIENCE.toNanos()) {
      int room = (int) Math.min(Math.min(BATCH, events - sent), OUTSTANDING - (sent - recorded));
      if (room > 0) {
        publisher.publish("thing-recorded", sent, room);
        sent += room;
      } else {
        LockSupport.parkNanos(500_000);
      }
      long now = number(probe) - before;
      if (now > recorded) {
        recorded = now;
        progress = System.nanoTime();
      }
    }
    return recorded;
  }

  private static Duration single(Publisher publisher, RedisProbe probe, int number)
      throws IOException {
    LockSupport.parkNanos(INTERVAL.toNanos());
    long before = number(probe);
    long begin = System.nanoTime();
    publisher.publish("thing-recorded", number, 1);
    while (number(probe) == before && System.nanoTime() - begin < PATIENCE.toNanos()) {
      Thread.onSpinWait();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static long number(RedisProbe probe) throws IOException {
    return Long.parseLong(probe.text("HGET", STATE, "number"));
  }

  @Override
  public void close() throws IOException {
    processes.forEach(Process::destroy);
    try {
      for (Process process : processes) {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      processes.forEach(Process::destroyForcibly);
      Thread.currentThread().interrupt();
    }
    redis.close();
    for (int i = 0; i < processes.size(); i++) {
      Files.deleteIfExists(logs.resolve("recorder-" + i));
    }
    Files.delete(logs);
  }
}
