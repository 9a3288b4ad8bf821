package org.nethserver.events.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** Recorders on a real Redis; what kills do to them is tested on the image. */
@ExtendWith(RedisExtension.class)
final class RecorderIT {
  private static final String KEY = "cluster/events";
  private static final String STATE = "cluster/events/recorders";
  private static final String CHANNEL = "module/test1/event/thing-changed";
  private static final Recorder.Plan PLAN = plan(20_000, 64L << 20, Duration.ofDays(7));

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<RedisTransport> opened = new ArrayList<>();
  private final List<Heard> all = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(RedisTransport::close);
  }

  private static void eventually(Supplier<String> what, BooleanSupplier condition) {
    try {
      Eventually.await("see below", LIMIT, condition::getAsBoolean);
    } catch (AssertionError e) {
      throw new AssertionError(what.get(), e);
    }
  }

  private static Recorder.Plan plan(long events, long bytes, Duration age) {
    return new Recorder.Plan(KEY, events, bytes, age, 1_000, RecorderIT::withheld);
  }

  private static Optional<String> withheld(byte[] channel) {
    return new String(channel, UTF_8).endsWith("secret-made")
        ? Optional.of("sensitive")
        : Optional.empty();
  }

  private Heard record(RedisServer redis, Recorder.Plan plan) {
    RedisTransport transport = Transports.open(redis.uri());
    opened.add(transport);
    Heard heard = new Heard();
    transport.record(plan, heard);
    return heard;
  }

  private Heard record(RedisServer redis) {
    Heard heard = record(redis, PLAN);
    heard.await(Recorder.State.RECORDING);
    return heard;
  }

  private static void publish(RedisServer redis, int from, int to) throws IOException {
    try (RedisProbe probe = redis.probe()) {
      probe.pipeline(
          IntStream.range(from, to)
              .mapToObj(i -> new Object[] {"PUBLISH", CHANNEL, "payload " + i})
              .toList());
    }
  }

  private static List<String> payloads(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "payload " + i).toList();
  }

  /** Returns the fields of all entries. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> entries(RedisServer redis) {
    try (RedisProbe probe = redis.probe()) {
      List<Map<String, String>> entries = new ArrayList<>();
      for (Object entry : (List<Object>) probe.send("XRANGE", KEY, "-", "+")) {
        List<Object> parts = (List<Object>) entry;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("id", new String((byte[]) parts.get(0), UTF_8));
        List<Object> pairs = (List<Object>) parts.get(1);
        for (int i = 0; i < pairs.size(); i += 2) {
          fields.put(
              new String((byte[]) pairs.get(i), UTF_8),
              new String((byte[]) pairs.get(i + 1), UTF_8));
        }
        entries.add(fields);
      }
      return entries;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> recorded(RedisServer redis) {
    return entries(redis).stream()
        .filter(entry -> !entry.containsKey("gap"))
        .map(entry -> entry.get("payload"))
        .toList();
  }

  private static long gaps(RedisServer redis) {
    return entries(redis).stream().filter(entry -> entry.containsKey("gap")).count();
  }

  private static void awaitRecorded(RedisServer redis, List<String> expected) {
    eventually(
        () -> expected.size() + " entries; there are " + recorded(redis).size(),
        () -> recorded(redis).size() >= expected.size());
    assertEquals(expected, recorded(redis));
  }

  @Test
  void whatIsPublishedIsRecordedInOrderBehindAGap(RedisServer redis) throws IOException {
    record(redis);
    publish(redis, 0, 1_000);
    awaitRecorded(redis, payloads(0, 1_000));
    List<Map<String, String>> entries = entries(redis);
    assertTrue(entries.getFirst().containsKey("gap"), entries.getFirst().toString());
    assertEquals(1, gaps(redis));
    for (int i = 0; i < entries.size(); i++) {
      String id = entries.get(i).get("id");
      assertEquals(Integer.toString(i + 1), id.substring(id.indexOf('-') + 1));
    }
    assertEquals(CHANNEL, entries.getLast().get("channel"));
    assertEquals(List.of("id", "position", "channel", "payload"), keys(entries.getLast()));
  }

  private static List<String> keys(Map<String, String> entry) {
    return List.copyOf(entry.keySet());
  }

  @Test
  void twoRecordEachEventOnce(RedisServer redis) throws IOException {
    record(redis);
    Heard second = record(redis);
    publish(redis, 0, 5_000);
    awaitRecorded(redis, payloads(0, 5_000));
    assertEquals(1, gaps(redis));
    assertEquals(List.of(), second.gaps());
  }

  @Test
  void onlyOneThatIsAloneSaysSo(RedisServer redis) {
    Heard first = record(redis);
    eventually(first::toString, () -> first.warnings().size() == 1);
    assertTrue(first.warnings().getFirst().startsWith("no other recorder"), first.toString());
    Heard second = record(redis);
    eventually(first::toString, () -> first.reliefs().size() == 1);
    assertEquals(List.of(), second.warnings());
  }

  @Test
  void secretsAndLargePayloadsKeepTheirPlaceAlone(RedisServer redis) throws IOException {
    record(redis);
    try (RedisProbe probe = redis.probe()) {
      probe.publish("node/1/event/secret-made", "password");
      probe.publish(CHANNEL, "x".repeat(1_001));
      probe.publish(CHANNEL, "x".repeat(1_000));
    }
    eventually(() -> entries(redis).toString(), () -> entries(redis).size() == 4);
    List<Map<String, String>> entries = entries(redis);
    Map<String, String> secret = entries.get(1);
    assertEquals(List.of("id", "position", "channel", "withheld", "length"), keys(secret));
    assertEquals("sensitive", secret.get("withheld"));
    assertEquals("8", secret.get("length"));
    Map<String, String> large = entries.get(2);
    assertEquals("large", large.get("withheld"));
    assertEquals("1001", large.get("length"));
    assertEquals(64, large.get("sha256").length());
    assertEquals("x".repeat(1_000), entries.get(3).get("payload"));
  }

  @Test
  void journalIsTrimmedByCount(RedisServer redis) throws IOException {
    record(redis, plan(500, 64L << 20, Duration.ofDays(7))).await(Recorder.State.RECORDING);
    publish(redis, 0, 10_000);
    awaitTrimmed(redis, 10_000);
    int kept = recorded(redis).size();
    assertTrue(kept >= 500 && kept <= 600, () -> kept + " kept");
    assertEquals(payloads(10_000 - kept, 10_000), recorded(redis));
    assertAccounts(redis);
  }

  @Test
  void journalIsTrimmedByBytes(RedisServer redis) throws IOException {
    record(redis, plan(20_000, 100_000, Duration.ofDays(7))).await(Recorder.State.RECORDING);
    publish(redis, 0, 5_000);
    awaitTrimmed(redis, 5_000);
    long bytes = Long.parseLong(redis.command("HGET", STATE, "bytes"));
    assertTrue(bytes > 90_000 && bytes <= 101_563, () -> bytes + " bytes");
    assertAccounts(redis);
  }

  @Test
  void journalIsTrimmedByAge(RedisServer redis) throws IOException {
    record(redis, plan(20_000, 64L << 20, Duration.ofMillis(500))).await(Recorder.State.RECORDING);
    publish(redis, 0, 100);
    awaitTrimmed(redis, 100);
    eventually(
        () -> recorded(redis).toString(),
        () -> {
          redis.publish(CHANNEL, "payload 100");
          return recorded(redis).stream().allMatch("payload 100"::equals);
        });
    assertAccounts(redis);
  }

  /** Waits until all are recorded, of which some are gone. The gap is the first entry. */
  private static void awaitTrimmed(RedisServer redis, long events) {
    eventually(
        () -> redis.command("HGET", STATE, "number"),
        () -> redis.command("HGET", STATE, "number").equals(Long.toString(events + 1)));
  }

  /** What the state says is what the stream has, once nothing is written between two looks. */
  private static void assertAccounts(RedisServer redis) {
    String number;
    List<Map<String, String>> entries;
    String accounts;
    String oldest;
    do {
      number = redis.command("HGET", STATE, "number");
      entries = entries(redis);
      accounts = redis.command("HGET", STATE, "bytes");
      oldest = redis.command("HGET", STATE, "first");
    } while (!redis.command("HGET", STATE, "number").equals(number));
    long bytes =
        entries.stream()
            .mapToLong(
                entry ->
                    100
                        + entry.entrySet().stream()
                            .filter(field -> !field.getKey().equals("id"))
                            .mapToLong(
                                field ->
                                    (field.getKey().equals("position")
                                            ? 0
                                            : field.getKey().length())
                                        + field.getValue().length())
                            .sum())
            .sum();
    assertEquals(Long.toString(bytes), accounts);
    String first = entries.getFirst().get("id");
    assertEquals(first.substring(first.indexOf('-') + 1), oldest);
  }

  @Test
  void eventsWaitWhileWritesAreRefused(RedisServer redis) throws IOException {
    Heard first = record(redis);
    Heard second = record(redis);
    redis.command("CONFIG", "SET", "maxmemory", "1");
    publish(redis, 0, 2_000);
    eventually(first::toString, () -> first.warned("Redis writes no entries"));
    eventually(second::toString, () -> second.warned("Redis writes no entries"));
    publish(redis, 2_000, 3_000);
    assertEquals(List.of(), recorded(redis));
    redis.command("CONFIG", "SET", "maxmemory", "0");
    awaitRecorded(redis, payloads(0, 3_000));
    assertEquals(1, gaps(redis));
    eventually(first::toString, () -> first.reliefs().contains("Redis writes entries again"));
  }

  @Test
  void afterLostMemoryAGapTellsOfIt(RedisServer redis) throws IOException {
    Heard recorder = record(redis);
    publish(redis, 0, 10);
    awaitRecorded(redis, payloads(0, 10));
    redis.command("FLUSHALL");
    eventually(recorder::toString, () -> recorder.gaps().size() == 2);
    publish(redis, 10, 20);
    awaitRecorded(redis, payloads(10, 20));
    assertEquals(1, gaps(redis));
    assertTrue(recorder.gaps().getLast().contains("lost"), recorder.toString());
  }

  /**
   * The clock of Redis's machine was an hour ahead, and is put right: entries go on behind those of
   * the hour that comes.
   */
  @Test
  void clockMayBePutBackByAnHour(RedisServer redis) throws IOException {
    record(redis);
    record(redis);
    publish(redis, 0, 1_000);
    awaitRecorded(redis, payloads(0, 1_000));
    long ahead = Long.parseLong(redis.command("HGET", STATE, "ms")) + 3_600_000;
    redis.command("HSET", STATE, "ms", ahead);
    for (int from = 1_000; from < 3_000; from += 500) {
      publish(redis, from, from + 500);
      awaitRecorded(redis, payloads(0, from + 500));
    }
    assertEquals(1, gaps(redis));
    List<Map<String, String>> entries = entries(redis);
    for (int number = 1; number <= entries.size(); number++) {
      String id = entries.get(number - 1).get("id");
      String expected = number <= 1_001 ? "[0-9]+-" + number : ahead + "-" + number;
      assertTrue(id.matches(expected), () -> id + " is none of " + expected);
    }
  }

  @Test
  void connectionOfOneIsLostAndNothingElse(RedisServer redis) throws IOException {
    record(redis);
    record(redis);
    int published = 0;
    for (int kill = 0; kill < 5; kill++) {
      publish(redis, published, published += 500);
      List<String> clients = redis.subscribers();
      String victim = clients.get(kill % clients.size());
      String id = victim.substring("id=".length(), victim.indexOf(' '));
      redis.command("CLIENT", "KILL", "ID", id);
      publish(redis, published, published += 500);
      // The other alone is whole: both must be, before the next is lost.
      eventually(() -> redis.subscribers().toString(), () -> redis.subscribers().size() == 2);
      awaitBothRecording();
    }
    awaitRecorded(redis, payloads(0, published));
    assertEquals(1, gaps(redis));
  }

  private void awaitBothRecording() {
    for (Heard heard : all) {
      heard.await(Recorder.State.RECORDING);
    }
  }

  @Test
  void atAReplicaItWaitsUntilThatIsThePrimary(RedisServer redis) throws IOException {
    try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + redis.port())) {
      Heard recorder = record(replica, PLAN);
      recorder.await(Recorder.State.IDLE);
      publish(redis, 0, 10);
      assertEquals(List.of(), entries(redis));
      replica.command("REPLICAOF", "NO", "ONE");
      recorder.await(Recorder.State.RECORDING);
      publish(replica, 10, 20);
      awaitRecorded(replica, payloads(10, 20));
    }
  }

  @Test
  void primaryThatBecomesAReplicaIsLeft(RedisServer redis) throws IOException {
    Heard recorder = record(redis);
    try (RedisServer other = RedisServer.start("--save", "")) {
      redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
      recorder.await(Recorder.State.IDLE);
      redis.command("REPLICAOF", "NO", "ONE");
      recorder.await(Recorder.State.RECORDING);
      publish(redis, 0, 10);
      awaitRecorded(redis, payloads(0, 10));
    }
  }

  @Test
  void userWhoMayNotRecordIsTold(RedisServer redis) {
    redis.command(
        "ACL",
        "SETUSER",
        "default",
        "on",
        ">module/test1",
        "allchannels",
        "-@all",
        "+@connection",
        "+psubscribe");
    Heard recorder = record(redis, PLAN);
    eventually(recorder::toString, () -> recorder.warned("user \"default\" may not record"));
  }

  /** What a recorder tells. */
  private final class Heard implements Recorder.Listener {
    private Recorder.State state = Recorder.State.CONNECTING;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> reliefs = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();

    Heard() {
      all.add(this);
    }

    @Override
    public synchronized void changed(Recorder.State next, String why) {
      state = next;
    }

    @Override
    public synchronized void warning(String what) {
      warnings.add(what);
    }

    @Override
    public synchronized void relief(String what) {
      reliefs.add(what);
    }

    @Override
    public synchronized void gap(String why) {
      gaps.add(why);
    }

    void await(Recorder.State wanted) {
      eventually(this::toString, () -> state() == wanted);
    }

    synchronized Recorder.State state() {
      return state;
    }

    synchronized List<String> warnings() {
      return List.copyOf(warnings);
    }

    synchronized List<String> reliefs() {
      return List.copyOf(reliefs);
    }

    synchronized List<String> gaps() {
      return List.copyOf(gaps);
    }

    boolean warned(String start) {
      return warnings().stream().anyMatch(warning -> warning.startsWith(start));
    }

    @Override
    public synchronized String toString() {
      return Arrays.asList(state, warnings, reliefs, gaps).toString();
    }
  }
}
