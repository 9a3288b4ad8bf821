package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** A Redis with two recorders of the built image, and what they recorded there. */
final class JournalCluster implements AutoCloseable {
  /** Long enough for a busy machine; a test that passes never waits for it. */
  static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("agent.limit", 60));

  private static final String KEY = "cluster/events";
  static final String USER = "privileged";
  static final String PASSWORD = "secret";

  /** Whether all tests are done under NethServer 8's ACLs. */
  static final boolean RESTRICTED = Boolean.getBoolean("agent.acl");

  /** One who may publish events of its own, and nothing else. */
  private static final String MODULE = "module";

  /** An event that no agent handles. */
  private static final String BACK = "recorder-is-back";

  private static final int RECORDERS = 2;
  private static final int FIELDS_OF_EVENT = 6;

  private final RedisServer redis;
  private final Path logs;
  private final List<Process> recorders = new ArrayList<>();
  private boolean restricted;
  private int started;

  /**
   * An event in the journal.
   *
   * @param position its id, for all agents
   */
  record Recorded(String position, String channel, String payload) {}

  JournalCluster(RedisServer redis, Path directory) throws IOException {
    this.redis = redis;
    this.logs = Files.createDirectories(directory.resolve("recorders-" + redis.port()));
    if (RESTRICTED) {
      restrict();
    }
  }

  static Path image() {
    return Path.of(System.getProperty("events.image", "../distribution/target/events"))
        .toAbsolutePath();
  }

  RedisServer redis() {
    return redis;
  }

  /** From now on only a user with a password may do more than NethServer 8's default user. */
  void restrict() {
    if (restricted) {
      return;
    }
    redis.command("ACL", "SETUSER", USER, "on", ">" + PASSWORD, "allkeys", "allchannels", "+@all");
    String others =
        "ACL SETUSER default on nopass resetkeys %R~cluster/* %R~node/* %R~module/* resetchannels"
            + " allchannels -@all +@read +@connection +subscribe +psubscribe";
    redis.command(
        (Object[])
            ("ACL SETUSER " + MODULE + " on >" + PASSWORD + " resetkeys resetchannels -@all")
                .concat(" +publish &module/*/event/*")
                .split(" "));
    redis.command((Object[]) others.split(" "));
    restricted = true;
  }

  /** Starts Redis again, which knows no users then. */
  void restart() throws IOException {
    redis.start();
    if (restricted) {
      restricted = false;
      restrict();
    }
  }

  /** Makes it a replica, and waits until it is one. */
  void follow(RedisServer primary) {
    if (restricted) {
      command("CONFIG", "SET", "masteruser", USER);
      command("CONFIG", "SET", "masterauth", PASSWORD);
    }
    command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
    Eventually.await(
        "it is a replica",
        LIMIT,
        () -> command("INFO", "replication").contains("master_link_status:up"));
  }

  /** Returns a connection of one who publishes events. */
  RedisProbe publisher() throws IOException {
    RedisProbe probe = redis.probe();
    if (restricted) {
      probe.send("AUTH", MODULE, PASSWORD);
    }
    return probe;
  }

  /** Returns a connection of a user who may do all. */
  RedisProbe probe() throws IOException {
    RedisProbe probe = redis.probe();
    if (restricted) {
      probe.send("AUTH", USER, PASSWORD);
    }
    return probe;
  }

  /** Sends one command as a user who may do all. */
  String command(Object... words) {
    try (RedisProbe probe = probe()) {
      return probe.text(words);
    } catch (IOException e) {
      throw new AssertionError("failed: " + List.of(words), e);
    }
  }

  /** Starts both recorders, and waits until both record. */
  JournalCluster record(String... flags) throws IOException {
    launch(flags);
    awaitRecording();
    return this;
  }

  /** Starts both recorders. */
  void launch(String... flags) throws IOException {
    for (int i = 0; i < RECORDERS; i++) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Stream.concat(
                          Stream.of(image().resolve("bin/events").toString(), "recorder"),
                          Stream.of(flags))
                      .toList())
              .redirectErrorStream(true)
              .redirectOutput(logs.resolve("log-" + ++started).toFile());
      builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
      if (restricted) {
        builder.environment().putAll(Map.of("REDIS_USER", USER, "REDIS_PASSWORD", PASSWORD));
      }
      recorders.add(builder.start());
    }
  }

  void awaitRecording() {
    for (int i = 1; i <= started; i++) {
      Path log = logs.resolve("log-" + i);
      Eventually.await(
          "recorder " + i + " records",
          LIMIT,
          () -> Files.readString(log).contains("Recording to"));
    }
  }

  /** Waits until all recorders subscribe, as after an outage. */
  void awaitSubscribed() {
    Eventually.await(
        "recorders are back",
        LIMIT,
        () ->
            redis.subscribers().stream().filter(client -> !client.contains(" name=module/")).count()
                >= recorders.size());
  }

  /**
   * Waits until what is published is recorded, as after an outage: one who subscribes records from
   * its first marker on, and what comes before that is behind a gap.
   */
  void awaitRecordingAgain() throws IOException {
    int before = recorded(BACK).size();
    Eventually.await(
        "what is published is recorded again",
        LIMIT,
        () -> {
          try (RedisProbe probe = publisher()) {
            probe.send("PUBLISH", "module/source0/event/" + BACK, "{}");
          }
          return recorded(BACK).size() > before;
        });
  }

  /** Returns the connections by which a client of this name subscribes. */
  List<String> subscriptions(String name) {
    return redis.subscribers().stream()
        .filter(client -> client.contains(" name=" + name + " ") && !client.contains(" psub=0 "))
        .toList();
  }

  /** Closes the subscription of a client of this name, and nothing else; false if it has none. */
  boolean cutSubscription(String name) {
    List<String> found = subscriptions(name);
    found.forEach(client -> command("CLIENT", "KILL", "ID", client.replaceAll("^id=| .*", "")));
    return !found.isEmpty();
  }

  /** Returns the recorded events of a name, in order. */
  @SuppressWarnings("unchecked")
  List<Recorded> recorded(String event) throws IOException {
    List<Recorded> events = new ArrayList<>();
    try (RedisProbe probe = probe()) {
      for (Object entry : (List<Object>) probe.send("XRANGE", KEY, "-", "+")) {
        List<Object> fields = (List<Object>) ((List<Object>) entry).get(1);
        if (fields.size() == FIELDS_OF_EVENT && text(fields.get(3)).endsWith("/event/" + event)) {
          events.add(new Recorded(text(fields.get(1)), text(fields.get(3)), text(fields.get(5))));
        }
      }
    }
    return events;
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  /** Returns the number of the first entry that is there. */
  @SuppressWarnings("unchecked")
  long firstNumber() throws IOException {
    try (RedisProbe probe = probe()) {
      List<Object> first = (List<Object>) probe.send("XRANGE", KEY, "-", "+", "COUNT", "1");
      return Long.parseLong(text(((List<Object>) first.getFirst()).getFirst()).split("-", -1)[1]);
    }
  }

  /** Ends the recorders; the journal stays. */
  void stopRecorders() {
    recorders.forEach(Process::destroyForcibly);
    recorders.clear();
  }

  @Override
  public void close() {
    stopRecorders();
    redis.close();
  }
}
