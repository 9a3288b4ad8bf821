package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * Agents of the built image to which something happens, on a real Redis with two recorders to which
 * nothing happens. The long form: {@code -Dagent.kills=50 -Dagent.events=10000 -Dagent.down=60
 * -Dagent.cuts=30 -Dagent.slow=5000}, or {@code -Dagent.slow=300 -Dagent.slowness=5}; a failure
 * names its seed, {@code -Dagent.seed=N} begins with it.
 */
final class AgentFaultsIT {
  private static final int KILLS = Integer.getInteger("agent.kills", 5);
  private static final int EVENTS = Integer.getInteger("agent.events", 600);
  private static final Duration DOWN = Duration.ofSeconds(Integer.getInteger("agent.down", 2));
  private static final int CUTS = Integer.getInteger("agent.cuts", 4);
  private static final int SLOW = Integer.getInteger("agent.slow", 1_000);
  private static final String SLOWNESS = System.getProperty("agent.slowness", "0.05");
  private static final long SEED = Long.getLong("agent.seed", System.nanoTime());
  private static final String WHY = "seed " + SEED;
  private static final int CHANNELS = 8;
  private static final long MEMORY = 200L << 20;

  @TempDir private static Path logs;
  @TempDir private Path directory;
  private static JournalCluster cluster;
  private final Random random = new Random(SEED);
  private final List<JournalingAgent> agents = new ArrayList<>();

  @BeforeAll
  static void record() throws IOException {
    cluster = new JournalCluster(RedisServer.start("--appendonly", "yes"), logs);
    cluster.record("--max-events=1000000", "--exclude=secret-changed");
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @AfterEach
  void endAgents() {
    agents.forEach(JournalingAgent::close);
  }

  private JournalingAgent agent(String name, String event, String... flags) throws IOException {
    JournalingAgent agent =
        new JournalingAgent(directory, name, "127.0.0.1:" + cluster.redis().port(), event, flags);
    agents.add(agent);
    return agent;
  }

  private Traffic traffic(String event) {
    return new Traffic(cluster, event, CHANNELS, random);
  }

  @Test
  void killedAgainAndAgainItLosesNothing() throws IOException, InterruptedException {
    JournalingAgent agent = agent("kill1", "kill-survived", "--max-concurrency=4").begin();
    Traffic traffic = traffic("kill-survived");
    Map<String, Integer> crashes = new HashMap<>();
    for (int kill = 1; kill <= KILLS; kill++) {
      int segment = EVENTS * kill / KILLS - EVENTS * (kill - 1) / KILLS;
      int at = agent.lines().size() + 1 + random.nextInt(segment * 3 / 2);
      int whileDown = random.nextInt(segment / 4);
      traffic.publish(segment - whileDown);
      agent.awaitLines(at);
      agent.kill();
      for (String id : StateLines.read(agent.state()).open()) {
        crashes.merge(id, 1, Integer::sum);
      }
      traffic.publish(whileDown);
      agent.start();
    }
    traffic.publishLast();
    agent.awaitLast(traffic);
    agent.awaitIdle();

    List<JournalCluster.Recorded> recorded = cluster.recorded(traffic.event());
    Set<String> dead = StateLines.read(agent.state()).dead();
    assertTrue(dead.size() <= KILLS, dead.size() + " are set aside, " + WHY);
    assertEquals(dead.size(), agent.said("is set aside"), WHY);
    Runs runs = new Runs(agent, traffic, WHY);
    runs.assertInOrder(dead, recorded);
    runs.assertIdsOfJournal(recorded);
    runs.assertNoMoreThanCrashes(crashes);
    assertNotEquals(0, crashes.size(), "nothing ran at any kill, " + WHY);

    // What two kills met by chance is left to people.
    if (!dead.isEmpty()) {
      JournalingAgent.Said retried = agent.type("dead", "--retry");
      assertEquals(0, retried.code(), retried.text());
    }
    Set<String> completed =
        agent.lines().stream()
            .filter(line -> line.step() == 2)
            .map(JournalingAgent.Line::id)
            .collect(Collectors.toSet());
    assertEquals(
        recorded.stream().map(JournalCluster.Recorded::position).collect(Collectors.toSet()),
        completed,
        WHY);
  }

  /** Two events of channel 0, of which the second waits, and one of channel 1. */
  @Test
  void whatIsSetAsideStaysSo() throws IOException, InterruptedException {
    JournalingAgent agent = agent("aside1", "aside-set").holdAt(2).begin();
    Traffic traffic = traffic("aside-set");
    traffic.publishOn(0);
    traffic.publishOn(0);
    traffic.publishOn(1);
    agent.awaitLines(2);
    restart(agent);
    agent.awaitLines(4);
    restart(agent);
    // Now the second one is begun: what lies before it is not done with.
    agent.awaitLines(5);
    assertMissed(agent, "set aside", Map.of(traffic.channel(0), 1, traffic.channel(1), 1));
    restart(agent);
    agent.awaitLines(6);
    agent.letGo();
    agent.awaitLines(7);
    agent.end();

    assertEquals(2, agent.said("is set aside"), agent.log());
    assertEquals(List.of("1 of 0-0", "2 of 0-0"), written(agent, line -> key(line).equals("0-0")));
    assertEquals(List.of("1 of 1-0", "2 of 1-0"), written(agent, line -> key(line).equals("1-0")));
    assertEquals(
        List.of("1 of 0-1", "2 of 0-1", "2 of 0-1"),
        written(agent, line -> key(line).equals("0-1")));
    assertEquals(1, agent.missed().size(), agent.missed().toString());
  }

  private static String key(JournalingAgent.Line line) {
    return line.channel() + "-" + line.number();
  }

  private static List<String> written(JournalingAgent agent, Predicate<JournalingAgent.Line> which)
      throws IOException {
    return agent.lines().stream()
        .filter(which)
        .map(line -> line.delivery() + " of " + key(line))
        .toList();
  }

  private static void restart(JournalingAgent agent) throws IOException, InterruptedException {
    agent.kill();
    agent.start();
  }

  /** One run of events-missed says why, and names events and how many of each. */
  private static void assertMissed(JournalingAgent agent, String reason, Map<String, Integer> names)
      throws IOException {
    String events =
        new TreeMap<>(names)
            .entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                .collect(Collectors.joining(",", "\"events\":{", "}"));
    Eventually.await(
        reason + ", " + events + " is told",
        JournalCluster.LIMIT,
        () ->
            agent.missed().stream()
                .map(payload -> payload.replace(": ", ":"))
                .anyMatch(
                    payload ->
                        payload.contains(reason) && payload.replace(", ", ",").contains(events)));
  }

  @Test
  void crashBetweenTwoStepsRepeatsBoth() throws IOException, InterruptedException {
    JournalingAgent agent = agent("crash1", "crash-met").holdAt(2).begin();
    Traffic traffic = traffic("crash-met");
    traffic.publishOn(0);
    agent.awaitLines(1);
    restart(agent);
    agent.awaitLines(2);
    agent.letGo();
    agent.awaitLines(3);
    assertEquals(List.of("1 step 1", "2 step 1", "2 step 2"), steps(agent));
    new Runs(agent, traffic, WHY).assertIdsOfJournal(cluster.recorded(traffic.event()));
  }

  private static List<String> steps(JournalingAgent agent) throws IOException {
    return agent.lines().stream().map(line -> line.delivery() + " step " + line.step()).toList();
  }

  @Test
  void whatSigtermBreaksOffRunsAgainAsIfItHadNot() throws IOException, InterruptedException {
    JournalingAgent agent = agent("term1", "end-met").holdAt(2).begin();
    Traffic traffic = traffic("end-met");
    traffic.publishOn(0);
    agent.awaitLines(1);
    for (int times = 2; times <= 4; times++) {
      agent.end();
      agent.start();
      agent.awaitLines(times);
    }
    agent.letGo();
    agent.awaitLines(5);
    assertEquals(List.of("1 step 1", "1 step 1", "1 step 1", "1 step 1", "1 step 2"), steps(agent));
    new Runs(agent, traffic, WHY).assertIdsOfJournal(cluster.recorded(traffic.event()));
    assertEquals(List.of(), agent.missed());
  }

  @Test
  void whatCameWhileItWasDownIsRunBeforeWhatComes() throws IOException, InterruptedException {
    JournalingAgent agent = agent("down1", "down-survived").begin();
    Traffic traffic = traffic("down-survived");
    traffic.publish(50);
    traffic.publishLast();
    agent.awaitLast(traffic);
    agent.awaitIdle();
    agent.end();
    traffic.publishFor(DOWN);
    agent.start();
    traffic.publishFor(DOWN);
    traffic.publishLast();
    agent.awaitLast(traffic);
    assertKept(agent, traffic);
    assertEquals(List.of(), agent.missed());
  }

  private static void assertKept(JournalingAgent agent, Traffic traffic) throws IOException {
    Runs runs = new Runs(agent, traffic, WHY);
    runs.assertOnceInOrder();
    runs.assertIdsOfJournal(cluster.recorded(traffic.event()));
  }

  @Test
  void withoutSubscriptionForAWhileItMissesNothing() throws Exception {
    JournalingAgent agent = agent("cut1", "cut-survived").begin();
    Traffic traffic = traffic("cut-survived");
    traffic.publishDuring(
        () -> {
          for (int cut = 0; cut < CUTS; cut++) {
            Eventually.await(
                "the agent subscribes",
                JournalCluster.LIMIT,
                () -> cluster.cutSubscription(agent.id()));
            // Some cuts come while it still makes good what an earlier one lost.
            Thread.sleep(random.nextInt(1_500));
          }
          return null;
        });
    traffic.publishLast();
    agent.awaitLast(traffic);
    assertKept(agent, traffic);
    assertEquals(List.of(), agent.missed());
  }

  /** Payloads of 32 KiB: all of them at once are more than what a process may hold of them. */
  @Test
  void slowHandlersLoseNothing() throws IOException {
    JournalingAgent agent =
        agent("slow1", "slowness-met", "--max-concurrency=8", "--queue-events=20")
            .step("slowness-met", 1, "sleep " + SLOWNESS)
            .begin();
    Traffic traffic = traffic("slowness-met");
    traffic.pad(32 * 1024);
    traffic.publish(SLOW);
    traffic.publishLast();
    agent.awaitLast(traffic);
    assertKept(agent, traffic);
    assertEquals(List.of(), agent.missed());
    assertTrue(agent.mostMemory() < MEMORY, agent.mostMemory() + " bytes");
  }

  @Test
  void secondProcessOfAnAgentEnds() throws IOException, InterruptedException {
    JournalingAgent agent = agent("twice1", "twin-started").begin();
    Process second = agent.launch();
    assertTrue(second.waitFor(20, TimeUnit.SECONDS));
    assertNotEquals(0, second.exitValue());
    assertEquals(1, agent.said("another process keeps the journal of this agent in "), agent.log());
    Traffic traffic = traffic("twin-started");
    traffic.publish(10);
    traffic.publishLast();
    agent.awaitLast(traffic);
    assertKept(agent, traffic);
  }

  @Test
  void whatIsTooOldIsTold() throws IOException, InterruptedException {
    JournalingAgent agent = agent("old1", "age-reached", "--catch-up=1s").begin();
    Traffic traffic = traffic("age-reached");
    agent.end();
    traffic.publishOn(0);
    traffic.publishOn(0);
    traffic.publishOn(1);
    Thread.sleep(1_500);
    agent.start();
    assertMissed(agent, "too old", Map.of(traffic.channel(0), 2, traffic.channel(1), 1));
    traffic.publishOn(0);
    agent.awaitLines(2);
    assertEquals(List.of("1 of 0-2", "1 of 0-2"), written(agent, line -> true), agent.log());
  }

  @Test
  void whatWasRecordedWithoutPayloadIsTold() throws IOException, InterruptedException {
    JournalingAgent agent = agent("secret1", "secret-changed").begin();
    Traffic traffic = traffic("secret-changed");
    agent.end();
    traffic.publishOn(0);
    traffic.publishOn(1);
    agent.start();
    assertMissed(
        agent,
        "its payload was not recorded",
        Map.of(traffic.channel(0), 1, traffic.channel(1), 1));
    traffic.publishOn(0);
    agent.awaitLines(2);
    assertEquals(List.of("1 of 0-1", "1 of 0-1"), written(agent, line -> true), agent.log());
  }
}
