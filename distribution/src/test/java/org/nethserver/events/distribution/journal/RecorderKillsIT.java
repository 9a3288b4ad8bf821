package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * Two recorders of the built image on a real Redis, of which one at a time is killed or stands
 * still, while events are published of which many are the same. The long form: {@code
 * -Drecorder.kills=30 -Drecorder.events=50000}; a failure names its seed, {@code -Drecorder.seed=N}
 * begins with it.
 */
final class RecorderKillsIT {
  private static final int KILLS = Integer.getInteger("recorder.kills", 4);
  private static final int EVENTS = Integer.getInteger("recorder.events", 8_000);
  private static final long SEED = Long.getLong("recorder.seed", System.nanoTime());
  private static final int BATCH = 50;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Random random = new Random(SEED);
  private final List<Process> recorders = new ArrayList<>();
  private final RedisServer redis = RedisServer.start("--appendonly", "yes");
  private int started;

  @TempDir private Path logs;

  @AfterEach
  void close() {
    recorders.forEach(Process::destroyForcibly);
    redis.close();
  }

  /** Starts a recorder, and waits until it records. */
  private Process start() throws IOException {
    Path log = logs.resolve("recorder-" + ++started);
    Path image =
        Path.of(System.getProperty("events.image", "../distribution/target/events"))
            .toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                image.resolve("bin/events").toString(), "recorder", "--max-events=1000000")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
    Process process = builder.start();
    Eventually.await(
        "recorder " + started + " records",
        LIMIT,
        () -> Files.readString(log).contains("Recording to"));
    return process;
  }

  private static List<String> batch(Random random, int from) {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      // Every other event is the same as others: only its place tells it apart.
      payloads.add(random.nextBoolean() ? "{\"same\":true}" : "{\"n\":" + (from + i) + "}");
    }
    return payloads;
  }

  private void publish(RedisProbe probe, List<String> payloads) throws IOException {
    List<Object[]> commands = new ArrayList<>();
    payloads.forEach(
        payload ->
            commands.add(new Object[] {"PUBLISH", "module/kill1/event/thing-changed", payload}));
    probe.pipeline(commands);
  }

  @Test
  void nothingIsMissingAndNothingIsThereTwice() throws IOException, InterruptedException {
    recorders.add(start());
    recorders.add(start());
    List<String> published = new ArrayList<>();
    try (RedisProbe probe = redis.probe()) {
      for (int kill = 1; kill <= KILLS; kill++) {
        int until = EVENTS * kill / KILLS;
        int killAt = published.size() + random.nextInt(Math.max(1, until - published.size()));
        boolean killed = false;
        int victim = random.nextInt(recorders.size());
        while (published.size() < until) {
          List<String> payloads = batch(random, published.size());
          publish(probe, payloads);
          published.addAll(payloads);
          if (!killed && published.size() >= killAt) {
            killed = true;
            recorders.get(victim).destroyForcibly();
          }
        }
        // Only then may the other one end: alone, none can promise anything.
        assertTrue(recorders.get(victim).waitFor(10, TimeUnit.SECONDS));
        recorders.set(victim, start());
      }
      awaitRecorded(published.size());
    }
    assertEquals(published, recorded(), "seed " + SEED);
    assertEquals(1, gaps(), "seed " + SEED);
  }

  @Test
  void oneThatStoodStillAddsNothing() throws IOException, InterruptedException {
    recorders.add(start());
    recorders.add(start());
    List<String> published = new ArrayList<>();
    try (RedisProbe probe = redis.probe()) {
      long pid = recorders.getFirst().pid();
      signal("STOP", pid);
      for (int batch = 0; batch < 40; batch++) {
        List<String> payloads = batch(random, published.size());
        publish(probe, payloads);
        published.addAll(payloads);
      }
      awaitRecorded(published.size());
      signal("CONT", pid);
      List<String> last = batch(random, published.size());
      publish(probe, last);
      published.addAll(last);
      awaitRecorded(published.size());
    }
    // What it would add late, it would add with its next marker.
    Thread.sleep(2_500);
    assertEquals(published, recorded(), "seed " + SEED);
    assertEquals(1, gaps(), "seed " + SEED);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertEquals(0, kill.waitFor());
  }

  private void awaitRecorded(int events) {
    Eventually.await(
        events + " events are recorded, seed " + SEED,
        LIMIT,
        () -> Long.parseLong(redis.command("XLEN", "cluster/events")) >= events + 1);
  }

  private List<String> recorded() {
    return entries().stream().filter(entry -> entry.size() == 6).map(this::payload).toList();
  }

  private long gaps() {
    return entries().stream().filter(entry -> entry.size() != 6).count();
  }

  private String payload(List<Object> fields) {
    return new String((byte[]) fields.get(5), UTF_8);
  }

  @SuppressWarnings("unchecked")
  private List<List<Object>> entries() {
    try (RedisProbe probe = redis.probe()) {
      List<Object> entries = (List<Object>) probe.send("XRANGE", "cluster/events", "-", "+");
      return entries.stream().map(entry -> (List<Object>) ((List<Object>) entry).get(1)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
