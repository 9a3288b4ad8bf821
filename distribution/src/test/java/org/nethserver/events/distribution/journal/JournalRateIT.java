package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * More events than anybody handles, some of which an agent does. The long form: {@code
 * -Djournal.rate=10000 -Djournal.seconds=30}.
 */
final class JournalRateIT {
  private static final int RATE = Integer.getInteger("journal.rate", 4_000);
  private static final int SECONDS = Integer.getInteger("journal.seconds", 2);
  private static final long SEED = Long.getLong("journal.seed", System.nanoTime());
  private static final String WHY = "seed " + SEED;
  private static final String EVENT = "thing-handled";

  /** Of so many events one is handled. */
  private static final int EACH = 100;

  private static final int CHANNELS = 4;
  private static final int PART = EACH;
  private static final long MEMORY = 200L << 20;

  @TempDir private Path directory;
  private JournalCluster cluster;
  private JournalingAgent agent;
  private Traffic traffic;
  private int others;

  @AfterEach
  void close() {
    agent.close();
    cluster.close();
  }

  private void record(String... flags) throws IOException {
    cluster =
        new JournalCluster(RedisServer.start("--appendonly", "yes"), directory.resolve("logs"));
    cluster.record(flags);
    agent = new JournalingAgent(directory, "rate1", "127.0.0.1:" + cluster.redis().port(), EVENT);
    agent.begin();
    traffic = new Traffic(cluster, EVENT, CHANNELS, new Random(SEED));
  }

  /** Publishes so many events, so many a second at most. */
  private void flood(int events, int rate) throws IOException {
    try (RedisProbe probe = cluster.probe()) {
      long begin = System.nanoTime();
      for (int sent = 0; sent < events; sent += PART) {
        List<Object[]> commands = new ArrayList<>();
        for (int i = 1; i < PART; i++) {
          commands.add(
              new Object[] {
                "PUBLISH", "module/other" + others % 7 + "/event/thing-ignored", "" + others++
              });
        }
        probe.pipeline(commands);
        traffic.publish(1);
        long due = begin + (long) ((sent + PART) * 1e9 / rate);
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  @Test
  void raisedLimitsHoldAllOfThem() throws IOException {
    record("--max-events=10000000", "--max-bytes=8GiB");
    int events = RATE * SECONDS;
    long begin = System.nanoTime();
    flood(events, RATE);
    double took = (System.nanoTime() - begin) / 1e9;
    traffic.publishLast();
    agent.awaitLast(traffic);

    assertTrue(took < SECONDS * 1.5, "only " + events / took + " a second were published");
    new Runs(agent, traffic, WHY).assertOnceInOrder();
    assertEquals(List.of(), agent.missed());
    Eventually.await(
        "all are recorded",
        JournalCluster.LIMIT,
        () -> cluster.recorded("thing-ignored").size() == others);
    assertTrue(agent.mostMemory() < MEMORY, agent.mostMemory() + " bytes");
  }

  /** At the defaults: what was trimmed is told to the last one, and what was not is run. */
  @Test
  void whatWasTrimmedIsCounted() throws IOException, InterruptedException {
    record();
    agent.end();
    long last = number(cursor());
    flood(25_000, 25_000);
    traffic.publishLast();
    Eventually.await(
        "all is recorded",
        JournalCluster.LIMIT,
        () -> cluster.recorded(EVENT).stream().anyMatch(each -> isLast(each.payload())));
    long trimmed = cluster.firstNumber() - last - 1;
    assertTrue(trimmed > 4_000, trimmed + " were trimmed");
    agent.start();
    agent.awaitLast(traffic);

    assertEquals(1, agent.missed().size(), agent.missed().toString());
    String told = agent.missed().getFirst();
    assertTrue(told.replace(" ", "").contains("\"trimmed\":" + trimmed + "}"), told);
    List<JournalCluster.Recorded> kept = cluster.recorded(EVENT);
    new Runs(agent, traffic, WHY).assertIdsOfJournal(kept);
    assertEquals(2 * kept.size(), agent.lines().size(), WHY);
  }

  private boolean isLast(String payload) {
    return payload.contains("\"channel\":0,\"number\":" + (traffic.sent()[0] - 1) + "}");
  }

  private String cursor() throws IOException {
    return Files.readAllLines(agent.state()).stream()
        .filter(line -> line.startsWith("C "))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static long number(String cursor) {
    return Long.parseLong(cursor.split(" ", -1)[1].split("-", -1)[1]);
  }
}
