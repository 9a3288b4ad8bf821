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

/** A Redis with AOF, and recorders of the image that keep all that is published there. */
final class Recording implements AutoCloseable {
  private static final String KEY = "cluster/events";
  private static final String STATE = KEY + "/recorders";

  /** Far below what a recorder lets wait. */
  static final int OUTSTANDING = 20_000;

  private static final int BATCH = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RedisServer redis = RedisServer.start("--appendonly", "yes");
  private final List<Process> processes = new ArrayList<>();
  private final Path logs;
  private final RedisProbe probe;

  private Recording() throws IOException {
    logs = Files.createTempDirectory("events-benchmark");
    probe = redis.probe();
  }

  /** Starts recorders of an image, and waits until they record. */
  static Recording start(Path image, int recorders) throws IOException, InterruptedException {
    Recording recording = new Recording();
    try {
      for (int i = 0; i < recorders; i++) {
        recording.add(image);
      }
      return recording;
    } catch (IOException | InterruptedException | RuntimeException e) {
      recording.close();
      throw e;
    }
  }

  private void add(Path image) throws IOException, InterruptedException {
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

  RedisServer redis() {
    return redis;
  }

  List<ProcessTree> recorders() {
    return processes.stream().map(process -> new ProcessTree(process.toHandle())).toList();
  }

  /** What Redis took so far, in seconds of CPU. */
  double redisCpu() throws IOException {
    return probe
        .text("INFO", "cpu")
        .lines()
        .filter(line -> line.matches("used_cpu_(user|sys):.*"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  /** Publishes events as fast as they are recorded; returns how many were. */
  long flood(Publisher publisher, String name, int events) throws IOException {
    long before = number();
    long progress = System.nanoTime();
    int sent = 0;
    long recorded = 0;
    while (recorded < events && System.nanoTime() - progress < PATIENCE.toNanos()) {
      int room = (int) Math.min(Math.min(BATCH, events - sent), OUTSTANDING - (sent - recorded));
      if (room > 0) {
        publisher.publish(name, sent, room);
        sent += room;
      } else {
        LockSupport.parkNanos(500_000);
      }
      long now = number() - before;
      if (now > recorded) {
        recorded = now;
        progress = System.nanoTime();
      }
    }
    return recorded;
  }

  /** Publishes an event and waits until it is recorded; returns how long that took. */
  Duration single(Publisher publisher, String name, int number) throws IOException {
    long before = number();
    long begin = System.nanoTime();
    publisher.publish(name, number, 1);
    while (number() == before && System.nanoTime() - begin < PATIENCE.toNanos()) {
      Thread.onSpinWait();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private long number() throws IOException {
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
    probe.close();
    redis.close();
    Home.deleteTree(logs);
  }
}
