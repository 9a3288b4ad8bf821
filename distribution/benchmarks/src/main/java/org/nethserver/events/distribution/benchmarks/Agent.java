package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** A subject that runs, with a redis-server and directories of its own. */
final class Agent implements AutoCloseable {
  /** The event that a step, or the first plugin, answers. */
  static final String ANSWERED = "stamp-taken";

  /** The event that each hosted agent answers. */
  static final String ANSWERED_BY_ALL = "all-stamped";

  /** The event that nobody answers. */
  static final String UNHEARD = "nobody-cared";

  private static final int BATCH = 100;

  /** Fewer events than an agent may have waiting before it rejects some. */
  private static final int QUEUE = 8_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STANDSTILL = Duration.ofSeconds(10);

  private final Subject subject;
  private final Home home;

  /** Empty where its home has one. */
  private final Optional<RedisServer> ownRedis;

  private final int port;
  private final Publisher publisher;
  private final Stamps stamps;
  private final Process process;
  private final ProcessTree tree;
  private final Duration start;

  private Agent(Subject subject, Home home, RedisServer redis, Optional<RedisServer> ownRedis)
      throws IOException, InterruptedException {
    this.subject = subject;
    this.home = home;
    this.ownRedis = ownRedis;
    this.port = redis.port();
    publisher = new Publisher(port);
    stamps = new Stamps(home.stamps());
    try (RedisProbe probe = redis.probe()) {
      long others = subscribers(probe);
      long before = System.nanoTime();
      process = launch();
      while (subscribers(probe) <= others) {
        if (!process.isAlive() || System.nanoTime() - before > PATIENCE.toNanos()) {
          process.destroyForcibly();
          throw new IOException(
              "agent \"%s\" did not subscribe; it said:\n%s"
                  .formatted(subject.name(), home.said()));
        }
        Thread.sleep(1);
      }
      start = Duration.ofNanos(System.nanoTime() - before);
    }
    tree = new ProcessTree(process.toHandle());
  }

  /** Starts an agent and waits until it has subscribed. */
  static Agent start(Subject subject, Home home) throws IOException, InterruptedException {
    if (home.recording().isPresent()) {
      return new Agent(subject, home, home.recording().get().redis(), Optional.empty());
    }
    RedisServer redis = RedisServer.start("--appendonly", "no");
    try {
      return new Agent(subject, home, redis, Optional.of(redis));
    } catch (IOException | InterruptedException | RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  private static long subscribers(RedisProbe probe) throws IOException {
    return probe.text("CLIENT", "LIST", "TYPE", "pubsub").lines().count();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(subject.command(home.directory(), port));
    builder.directory(home.state().toFile());
    builder.redirectErrorStream(true).redirectOutput(home.log().toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("REDIS_ADDRESS", "127.0.0.1:" + port);
    environment.put("REDIS_REPLICA_ADDRESS", "127.0.0.1:" + port);
    environment.put("AGENT_ID", Subject.AGENT_ID);
    environment.put("AGENT_STATE_DIR", home.state().toString());
    environment.put("STAMPS", home.stamps().toString());
    Process started = builder.start();
    started.getOutputStream().close();
    return started;
  }

  Subject subject() {
    return subject;
  }

  /** How long it took from its start to its subscription. */
  Duration startTime() {
    return start;
  }

  ProcessTree tree() {
    return tree;
  }

  /** Publishes an event that somebody else looks after. */
  void publish(String channel, String payload) throws IOException {
    publisher.publish(channel, payload);
  }

  /**
   * How a flood went.
   *
   * @param sent how many answers were asked for
   * @param answered how many of them came, which are all unless the agent lost some
   * @param took from the first {@code PUBLISH} to the last answer
   */
  record Flood(int sent, int answered, Duration took) {
    int lost() {
      return sent - answered;
    }
  }

  /**
   * Publishes events that are answered once as fast as they are answered.
   *
   * @param events how many
   * @param outstanding how many at most may wait for an answer
   */
  Flood flood(int events, int outstanding) throws IOException {
    return flood(ANSWERED, events, outstanding, 1);
  }

  /**
   * Publishes events that all hosted agents answer.
   *
   * @param events how many
   * @param outstanding how many at most may wait for their answers
   */
  Flood floodAll(int events, int outstanding) throws IOException {
    return flood(ANSWERED_BY_ALL, events, outstanding, subject.extent().agents());
  }

  private Flood flood(String name, int events, int outstanding, int answersEach)
      throws IOException {
    int processes = tree.size();
    int batch = Math.max(1, outstanding / Publisher.CHANNELS);
    stamps.clear(events);
    int expected = events * answersEach;
    int sent = 0;
    int answered = 0;
    long begin = System.nanoTime();
    long progress = begin;
    while (answered < expected && System.nanoTime() - progress < STANDSTILL.toNanos()) {
      int room = Math.min(events - sent, outstanding - (sent - answered / answersEach));
      if (room >= batch || (room > 0 && sent + room == events)) {
        publisher.publish(name, sent, room);
        sent += room;
      } else {
        LockSupport.parkNanos(100_000);
      }
      int now = stamps.count();
      if (now > answered) {
        answered = now;
        progress = System.nanoTime();
      }
    }
    Duration took = Duration.ofNanos(progress - begin);
    awaitEndOfSteps(processes);
    return new Flood(expected, answered, took);
  }

  /** The CPU time of steps that have ended is told apart only when they have been waited for. */
  private void awaitEndOfSteps(int processes) {
    long deadline = System.nanoTime() + STANDSTILL.toNanos();
    while (tree.size() > processes && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /**
   * Publishes answered events one by one.
   *
   * @return how long each took from before its {@code PUBLISH}; missing where it was not answered
   */
  List<Duration> pace(int events, Duration interval) throws IOException {
    stamps.clear(events);
    long[] published = new long[events];
    long due = System.nanoTime();
    for (int event = 0; event < events; event++) {
      due += interval.toNanos();
      for (long left; (left = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      published[event] = System.nanoTime();
      publisher.publish(ANSWERED, event, 1);
    }
    long deadline = System.nanoTime() + STANDSTILL.toNanos();
    while (stamps.count() < events && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    return Stream.iterate(0, event -> event + 1)
        .limit(events)
        .filter(event -> stamps.time(event) != 0)
        .map(event -> Duration.ofNanos(stamps.time(event) - published[event]))
        .toList();
  }

  /**
   * Publishes events that nobody answers, and one that is answered now and then; returns when the
   * agent has seen them.
   *
   * @return how it went with those that are answered
   */
  Flood ignore(int events) throws IOException {
    long begin = System.nanoTime();
    int asked = 0;
    int answered = 0;
    for (int sent = 0; sent < events; sent += QUEUE) {
      for (int batch = sent; batch < Math.min(sent + QUEUE, events); batch += BATCH) {
        publisher.publish(UNHEARD, batch, BATCH);
      }
      // An agent looks at events in their order: this one is the last.
      asked++;
      answered += flood(1, 1).answered();
    }
    return new Flood(asked, answered, Duration.ofNanos(System.nanoTime() - begin));
  }

  /**
   * Waits for answers that it owes since its start.
   *
   * @return how many came
   */
  int await(int expected) {
    int answered = 0;
    long progress = System.nanoTime();
    while (answered < expected && System.nanoTime() - progress < STANDSTILL.toNanos()) {
      LockSupport.parkNanos(1_000_000);
      int now = stamps.count();
      if (now > answered) {
        answered = now;
        progress = System.nanoTime();
      }
    }
    return answered;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    publisher.close();
    ownRedis.ifPresent(RedisServer::close);
  }
}
