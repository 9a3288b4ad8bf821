package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * Recorders of the built image at a Redis, what was published there, and what is kept of it. A
 * failure names its seed, with which {@code -Drecorder.seed=N} begins.
 */
final class RecorderStage implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long SEED = Long.getLong("recorder.seed", System.nanoTime());
  private static final int BATCH = 50;

  /** Some hundred events a second. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  final RedisServer redis;
  final Random random = new Random(SEED);
  private final Path logs;
  private final Map<String, String> login = new HashMap<>();
  private final List<ImageRecorder> recorders = new ArrayList<>();
  private final List<String> published = new ArrayList<>();

  /**
   * Makes one without recorders.
   *
   * @param redis closed with it
   * @param logs a directory
   */
  RecorderStage(RedisServer redis, Path logs) {
    this.redis = redis;
    this.logs = logs;
  }

  /** As whom those that are started from now on log in. */
  void login(String user, String password) {
    login.put("REDIS_USER", user);
    login.put("REDIS_PASSWORD", password);
  }

  /** Starts a recorder, and waits until it records: all that comes, unless flags say otherwise. */
  ImageRecorder start(String... flags) throws IOException {
    return startAt(redis.uri().getAuthority(), flags);
  }

  /** The same for one that reaches Redis by another address. */
  ImageRecorder startAt(String address, String... flags) throws IOException {
    Map<String, String> environment = new HashMap<>(login);
    environment.put("REDIS_ADDRESS", address);
    ImageRecorder recorder =
        ImageRecorder.start(
            logs.resolve("recorder-" + (recorders.size() + 1)),
            environment,
            flags.length == 0 ? List.of("--max-events=1000000") : List.of(flags));
    recorders.add(recorder);
    recorder.awaitRecording(0);
    return recorder;
  }

  /** Publishes some events. */
  void publish() throws IOException {
    List<String> payloads =
        IntStream.range(published.size(), published.size() + BATCH)
            // Every other event is the same as others: only its place tells it apart.
            .mapToObj(i -> random.nextBoolean() ? "{\"same\":true}" : "{\"n\":" + i + "}")
            .toList();
    publish(payloads);
    published.addAll(payloads);
  }

  /** Publishes events that {@link #assertKept} knows nothing of. */
  void publish(List<String> payloads) throws IOException {
    try (RedisProbe probe = redis.probe()) {
      probe.pipeline(
          payloads.stream()
              .map(payload -> new Object[] {"PUBLISH", "module/kill1/event/thing-changed", payload})
              .toList());
    }
  }

  /** Returns how many {@link #publish()} has published. */
  int published() {
    return published.size();
  }

  /** Publishes for some time. */
  void publishFor(Duration time) throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      publish();
      Thread.sleep(PAUSE);
    }
  }

  /** A fact about a recorder. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Publishes until something is so. */
  void publishUntil(String what, Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit + ": " + what + ", seed " + SEED);
      }
      publishFor(PAUSE);
    }
  }

  /** Waits until as much is kept as {@link #publish()} has published. */
  void awaitKept() {
    awaitKept(published.size());
  }

  /** Waits until so many events are kept. */
  void awaitKept(int events) {
    Eventually.await(
        events + " events are recorded, seed " + SEED,
        LIMIT,
        () -> Long.parseLong(redis.command("XLEN", "cluster/events")) >= events + 1);
  }

  /** All is kept that was published, and nothing else, behind the gap with which it begins. */
  void assertKept() {
    awaitKept();
    assertEquals(published, recorded(), "seed " + SEED);
    assertEquals(1, gaps(), "seed " + SEED);
  }

  /** Returns the payloads of all entries but gaps. */
  List<String> recorded() {
    return entries().stream().filter(entry -> !isGap(entry)).map(RecorderStage::payload).toList();
  }

  long gaps() {
    return entries().stream().filter(RecorderStage::isGap).count();
  }

  static boolean isGap(List<Object> entry) {
    return entry.size() != 6;
  }

  static String payload(List<Object> entry) {
    return new String((byte[]) entry.get(5), UTF_8);
  }

  /** Returns names and values of all entries. */
  @SuppressWarnings("unchecked")
  List<List<Object>> entries() {
    try (RedisProbe probe = redis.probe()) {
      List<Object> entries = (List<Object>) probe.send("XRANGE", "cluster/events", "-", "+");
      return entries.stream().map(entry -> (List<Object>) ((List<Object>) entry).get(1)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    recorders.forEach(ImageRecorder::close);
    redis.close();
  }
}
