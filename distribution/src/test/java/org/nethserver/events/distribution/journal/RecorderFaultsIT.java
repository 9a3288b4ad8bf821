package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * Two recorders of the built image on a real Redis, to one of which at a time, or to the Redis of
 * both, something happens. The long form: {@code -Drecorder.kills=30 -Drecorder.events=50000
 * -Drecorder.pause=60 -Drecorder.refusal=300}; a failure names its seed, {@code -Drecorder.seed=N}
 * begins with it.
 */
final class RecorderFaultsIT {
  private static final int KILLS = Integer.getInteger("recorder.kills", 4);
  private static final int EVENTS = Integer.getInteger("recorder.events", 8_000);
  private static final long SEED = Long.getLong("recorder.seed", System.nanoTime());
  private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("recorder.pause", 3));
  private static final Duration REFUSAL =
      Duration.ofSeconds(Integer.getInteger("recorder.refusal", 3));
  private static final int BATCH = 50;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Random random = new Random(SEED);
  private final List<Process> recorders = new ArrayList<>();
  private final RedisServer redis = RedisServer.start("--appendonly", "yes");
  private final Map<String, String> login = new HashMap<>();
  private int started;

  @TempDir private Path logs;

  @AfterEach
  void close() {
    recorders.forEach(Process::destroyForcibly);
    redis.close();
  }

  /** Starts a recorder, and waits until it records. */
  private Process start(String... flags) throws IOException {
    Path log = logs.resolve("recorder-" + ++started);
    Path image =
        Path.of(System.getProperty("events.image", "../distribution/target/events"))
            .toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(image.resolve("bin/events").toString(), "recorder"),
                        flags.length == 0 ? Stream.of("--max-events=1000000") : Stream.of(flags))
                    .toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
    builder.environment().putAll(login);
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
      publishFor(PAUSE, probe, published);
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

  /** Publishes some hundred events a second. */
  private void publishFor(Duration time, RedisProbe probe, List<String> published)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      List<String> payloads = batch(random, published.size());
      publish(probe, payloads);
      published.addAll(payloads);
      Thread.sleep(100);
    }
  }

  @Test
  void whatRedisDoesNotTakeWaitsInBoth() throws IOException, InterruptedException {
    recorders.add(start());
    recorders.add(start());
    List<String> published = new ArrayList<>();
    try (RedisProbe probe = redis.probe()) {
      redis.command("CONFIG", "SET", "maxmemory", "1");
      publishFor(REFUSAL, probe, published);
      assertEquals(List.of(), recorded());
      redis.command("CONFIG", "SET", "maxmemory", "0");
      awaitRecorded(published.size());
    }
    assertEquals(published, recorded(), "seed " + SEED);
    assertEquals(1, gaps(), "seed " + SEED);
  }

  /** With AOF what was written is there again; what nobody heard is behind a gap. */
  @Test
  void redisIsKilled() throws IOException, InterruptedException {
    recorders.add(start());
    recorders.add(start());
    int published = 0;
    for (int kill = 0; kill < 2; kill++) {
      published = publishNumbers(published, 500);
      redis.kill();
      redis.start();
      // Whoever publishes at once may find no recorder there: what is lost so must be told.
      published = publishNumbers(published, 200);
      awaitSubscribers();
      published = publishNumbers(published, 500);
      int last = published - 1;
      Eventually.await(
          "number " + last + " is recorded", LIMIT, () -> recorded().contains(number(last)));
    }
    assertGapsTellOfAllThatIsMissing(published);
  }

  @Test
  void redisLosesItsMemory() throws IOException {
    recorders.add(start());
    recorders.add(start());
    int published = publishNumbers(0, 500);
    redis.command("FLUSHALL");
    published = publishNumbers(published, 500);
    int last = published - 1;
    Eventually.await(
        "number " + last + " is recorded", LIMIT, () -> recorded().contains(number(last)));
    assertTrue(gaps() >= 1, "no gap");
    assertGapsTellOfAllThatIsMissing(published);
  }

  private void awaitSubscribers() {
    Eventually.await(
        "both recorders are back", LIMIT, () -> redis.subscribers().size() == recorders.size());
  }

  private static String number(int number) {
    return "{\"number\":" + number + "}";
  }

  private int publishNumbers(int from, int count) throws IOException {
    try (RedisProbe probe = redis.probe()) {
      publish(
          probe, IntStream.range(from, from + count).mapToObj(RecorderFaultsIT::number).toList());
    }
    return from + count;
  }

  /** Between two entries without a gap there is nothing; no event comes twice. */
  private void assertGapsTellOfAllThatIsMissing(int published) {
    int before = -1;
    boolean gap = true;
    for (List<Object> entry : entries()) {
      if (entry.size() != 6) {
        gap = true;
        continue;
      }
      int number = Integer.parseInt(payload(entry).replaceAll("[^0-9]", ""));
      assertTrue(gap ? number > before : number == before + 1, before + ", then " + number);
      before = number;
      gap = false;
    }
    assertEquals(published - 1, before);
  }

  /** The line of docs/journal.md is all that a recorder needs. */
  @Test
  void userOfTheDocumentsIsEnough() throws IOException, InterruptedException {
    String text = Files.readString(Path.of("../docs/journal.md"));
    String line =
        text.substring(text.indexOf("ACL SETUSER recorder"), text.indexOf("A reader (`events"));
    redis.command((Object[]) line.strip().replaceAll("[\\\\\\s]+", " ").split(" "));
    redis.command("ACL", "SETUSER", "default", "-eval", "-xadd");
    login.put("REDIS_USER", "recorder");
    login.put("REDIS_PASSWORD", "SECRET");
    recorders.add(start("--max-events=100"));
    recorders.add(start("--max-events=100"));
    int published = publishNumbers(0, 1_000);
    int last = published - 1;
    Eventually.await(
        "number " + last + " is recorded", LIMIT, () -> recorded().contains(number(last)));
    assertTrue(recorded().size() <= 200, recorded().size() + " are left");
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
