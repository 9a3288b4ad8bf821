package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.StallingProxy;

/**
 * Agents of the built image, to whose Redis something happens, or to what lies between. The long
 * form: {@code -Dagent.down=60 -Dagent.pause=60 -Dagent.cuts=30}; a failure names its seed, {@code
 * -Dagent.seed=N} begins with it.
 */
final class AgentRedisFaultsIT {
  private static final Duration DOWN = Duration.ofSeconds(Integer.getInteger("agent.down", 2));
  private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("agent.pause", 3));
  private static final int CUTS = Integer.getInteger("agent.cuts", 3);
  private static final long SEED = Long.getLong("agent.seed", System.nanoTime());
  private static final String WHY = "seed " + SEED;
  private static final String EVENT = "fault-survived";
  private static final int CHANNELS = 4;

  @TempDir private Path directory;
  private final Random random = new Random(SEED);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private JournalCluster cluster(RedisServer redis) throws IOException {
    JournalCluster cluster = new JournalCluster(redis, directory);
    open.add(cluster);
    return cluster;
  }

  private static RedisServer redis() {
    return RedisServer.start("--appendonly", "no");
  }

  private JournalingAgent agent(RedisServer redis) throws IOException {
    return agent("127.0.0.1:" + redis.port());
  }

  private JournalingAgent agent(String address) throws IOException {
    JournalingAgent agent = new JournalingAgent(directory, "fault1", address, EVENT);
    open.add(agent);
    return agent;
  }

  private Traffic traffic(JournalCluster cluster) {
    return new Traffic(cluster, EVENT, CHANNELS, random);
  }

  private void assertKept(JournalCluster cluster, JournalingAgent agent, Traffic traffic)
      throws IOException {
    traffic.publishLast();
    agent.awaitLast(traffic);
    Runs runs = new Runs(agent, traffic, WHY);
    runs.assertOnceInOrder();
    runs.assertIdsOfJournal(cluster.recorded(EVENT));
    assertEquals(List.of(), agent.missed(), agent.log());
  }

  private void assertKeptOrTold(JournalCluster cluster, JournalingAgent agent, Traffic traffic)
      throws IOException {
    traffic.publishLast();
    agent.awaitLast(traffic);
    Eventually.await("all is recorded", JournalCluster.LIMIT, () -> isRecorded(cluster, traffic));
    Runs runs = new Runs(agent, traffic, WHY);
    // What was not heard comes late, and may be behind the last.
    Eventually.await(
        "all that is recorded was run, " + WHY,
        JournalCluster.LIMIT,
        () -> runs.ran(cluster.recorded(EVENT)));
    runs.assertKeptOrTold(cluster.recorded(EVENT));
  }

  @Test
  void redisIsKilled() throws IOException {
    JournalCluster cluster = cluster(RedisServer.start("--appendonly", "yes")).record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    for (int kill = 0; kill < 2; kill++) {
      traffic.publish(200);
      cluster.redis().kill();
      cluster.restart();
      // Perhaps before anybody is back: what nobody heard is behind a gap.
      traffic.publish(50);
      cluster.awaitSubscribed();
      traffic.publish(50);
    }
    cluster.awaitRecordingAgain();
    assertKeptOrTold(cluster, agent, traffic);
  }

  @Test
  void redisLosesItsMemory() throws IOException {
    JournalCluster cluster = cluster(redis()).record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    traffic.publish(200);
    cluster.command("FLUSHALL");
    traffic.publish(200);
    assertKeptOrTold(cluster, agent, traffic);
    // It heard all, and nothing is to be run for having been lost by the journal.
    for (int channel = 0; channel < CHANNELS; channel++) {
      int published = traffic.sent()[channel];
      assertEquals(published, new Runs(agent, traffic, WHY).firsts(channel, 1).size(), WHY);
    }
    agent.awaitSaid("the journal does not go on where it was left");
  }

  /** What it remembers lies beyond all that there is. */
  @Test
  void redisBeginsEmpty() throws IOException, InterruptedException {
    JournalCluster cluster = cluster(redis()).record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    traffic.publish(200);
    traffic.publishLast();
    agent.awaitLast(traffic);
    agent.awaitIdle();
    agent.end();
    cluster.redis().kill();
    cluster.restart();
    cluster.awaitRecordingAgain();
    traffic.publish(50);
    agent.start();
    assertKeptOrTold(cluster, agent, traffic);
    assertTold(agent, "the journal does not go on where it was left");
  }

  private static void assertTold(JournalingAgent agent, String reason) {
    Eventually.await(
        reason + " is told by events-missed",
        JournalCluster.LIMIT,
        () -> agent.missed().stream().anyMatch(payload -> payload.contains(reason)));
  }

  @Test
  void whatWasTrimmedIsCounted() throws IOException, InterruptedException {
    JournalCluster cluster = cluster(redis()).record("--max-events=50");
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    agent.end();
    String cursor = StateLines.read(agent.state()).cursor();
    traffic.publish(500);
    traffic.publishLast();
    Eventually.await("all is recorded", JournalCluster.LIMIT, () -> isRecorded(cluster, traffic));
    long trimmed = cluster.firstNumber() - Long.parseLong(cursor.split("-", -1)[1]) - 1;
    assertTrue(trimmed >= 300, trimmed + " are trimmed");
    agent.start();
    assertKeptOrTold(cluster, agent, traffic);
    Eventually.await(
        trimmed + " trimmed ones are told",
        JournalCluster.LIMIT,
        () ->
            agent.missed().stream()
                .anyMatch(payload -> payload.matches(".*\"trimmed\": ?" + trimmed + "\\D.*")));
  }

  private static boolean isRecorded(JournalCluster cluster, Traffic traffic) throws IOException {
    List<JournalCluster.Recorded> recorded = cluster.recorded(EVENT);
    for (int channel = 0; channel < CHANNELS; channel++) {
      String last = "\"number\":" + (traffic.sent()[channel] - 1) + "}";
      String name = traffic.channel(channel);
      if (recorded.stream()
          .noneMatch(
              each -> each.channel().equals(name) && each.payload().strip().endsWith(last))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void redisStandsStill() throws IOException, InterruptedException {
    JournalCluster cluster = cluster(redis()).record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    traffic.publish(100);
    cluster.redis().pause();
    Thread.sleep(PAUSE);
    cluster.redis().resume();
    traffic.publish(100);
    assertKept(cluster, agent, traffic);
  }

  @Test
  void redisRefusesToWrite() throws IOException, InterruptedException {
    JournalCluster cluster = cluster(redis()).record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    cluster.command("CONFIG", "SET", "maxmemory", "1");
    traffic.publishFor(PAUSE);
    traffic.publishLast();
    agent.awaitLast(traffic);
    assertEquals(List.of(), cluster.recorded(EVENT));
    cluster.command("CONFIG", "SET", "maxmemory", "0");
    traffic.publish(100);
    traffic.publishLast();
    Eventually.await("all is recorded", JournalCluster.LIMIT, () -> isRecorded(cluster, traffic));
    assertKept(cluster, agent, traffic);
  }

  @Test
  void connectionIsHalfOpen() throws Exception {
    JournalCluster cluster = cluster(redis()).record();
    StallingProxy proxy = new StallingProxy(cluster.redis().port());
    open.add(proxy);
    JournalingAgent agent = agent(proxy.uri().getAuthority()).begin();
    Traffic traffic = traffic(cluster);
    traffic.publish(50);
    int connections = proxy.accepted();
    proxy.stall();
    traffic.publishDuring(
        () -> {
          Eventually.await(
              "the agent has connected anew",
              JournalCluster.LIMIT,
              () -> proxy.accepted() > connections);
          return null;
        });
    assertKept(cluster, agent, traffic);
  }

  private RedisServer replicaOf(RedisServer primary) {
    RedisServer replica =
        RedisServer.start(
            Stream.concat(
                    Stream.of("--replicaof", "127.0.0.1", "" + primary.port()),
                    JournalCluster.RESTRICTED
                        ? Stream.of(
                            "--masteruser",
                            JournalCluster.USER,
                            "--masterauth",
                            JournalCluster.PASSWORD)
                        : Stream.of())
                .toArray(String[]::new));
    Eventually.await(
        "the replica is in step",
        JournalCluster.LIMIT,
        () -> replica.command("INFO", "replication").contains("master_link_status:up"));
    return replica;
  }

  private static RedisServer primary() {
    return RedisServer.start("--repl-diskless-sync-delay", "0", "--repl-backlog-size", "16384");
  }

  /** The replica loses what was published meanwhile, and no connection. */
  @Test
  void replicaLosesMessages() throws IOException {
    JournalCluster cluster = cluster(primary()).record();
    RedisServer replica = replicaOf(cluster.redis());
    cluster(replica);
    JournalingAgent agent = agent(replica).begin();
    Traffic traffic = traffic(cluster);
    traffic.publish(100);
    traffic.pad(500);
    replica.pause();
    long before = fullSynchronisations(cluster);
    cluster.command("CLIENT", "KILL", "TYPE", "replica");
    traffic.publish(200);
    replica.resume();
    Eventually.await(
        "the replica is synchronised",
        JournalCluster.LIMIT,
        () -> fullSynchronisations(cluster) > before);
    traffic.publish(100);
    assertKeptOrTold(cluster, agent, traffic);
    agent.awaitSaid("Journal: ");
  }

  private static long fullSynchronisations(JournalCluster cluster) {
    return cluster
        .command("INFO", "stats")
        .lines()
        .filter(line -> line.startsWith("sync_full:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  @Test
  void whatIsPublishedAtTheReplicaIsRunAndTold() throws IOException {
    JournalCluster cluster = cluster(primary()).record();
    RedisServer replica = replicaOf(cluster.redis());
    JournalCluster atReplica = cluster(replica);
    JournalingAgent agent = agent(replica).begin();
    Traffic traffic = traffic(cluster);
    int other = CHANNELS;
    Traffic wrong = new Traffic(atReplica, EVENT, other + 1, random);
    traffic.publish(20);
    traffic.publishLast();
    agent.awaitLast(traffic);
    wrong.publishOn(other);
    Eventually.await(
        "it is run",
        JournalCluster.LIMIT,
        () -> new Runs(agent, wrong, WHY).firsts(other, 2).size() >= 1);
    assertTold(agent, "heard");
    traffic.publish(20);
    assertKeptOrTold(cluster, agent, traffic);
  }

  @Test
  void replicaIsPromoted() throws IOException {
    JournalCluster before = cluster(primary()).record();
    RedisServer replica = replicaOf(before.redis());
    JournalCluster after = cluster(replica);
    JournalingAgent agent = agent(replica).begin();
    Traffic traffic = traffic(before);
    traffic.publish(200);
    traffic.publishLast();
    agent.awaitLast(traffic);
    before.redis().kill();
    before.stopRecorders();
    after.command("REPLICAOF", "NO", "ONE");
    after.record();
    Traffic more = traffic.at(after);
    more.publish(200);
    assertKeptOrTold(after, agent, more);
  }

  /** Both are primaries for a while, and hear different events; then one follows the other. */
  @Test
  void leaderSwitchForksTheJournal() throws IOException {
    JournalCluster loser = cluster(primary()).record();
    RedisServer replica = replicaOf(loser.redis());
    JournalCluster winner = cluster(replica);
    JournalingAgent agent = agent(loser.redis()).begin();
    Traffic traffic = traffic(loser);
    traffic.publish(100);
    traffic.publishLast();
    agent.awaitLast(traffic);
    winner.command("REPLICAOF", "NO", "ONE");
    winner.record();
    traffic.publish(50);
    traffic.publishLast();
    agent.awaitLast(traffic);
    Traffic more = traffic.at(winner);
    more.publish(50);
    more.publishLast();
    Eventually.await("all is recorded", JournalCluster.LIMIT, () -> isRecorded(winner, more));

    // What was recorded at the loser alone is gone, and what the winner has is made good.
    loser.follow(replica);
    more.publish(50);
    assertKeptOrTold(winner, agent, more);
    // That it went elsewhere, or that what it ran is not recorded, if it was not that far yet.
    agent.awaitSaid("Journal: ");
  }

  @Test
  void fullDiskStopsNothing() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", disk.toString()) == 0,
        "no file system may be mounted");
    open.add(() -> run("umount", "-l", disk.toString()));
    JournalCluster cluster = cluster(redis()).record();
    JournalingAgent agent = agent(cluster.redis()).states(disk).begin();
    Traffic traffic = traffic(cluster);
    run("dd", "if=/dev/zero", "of=" + disk.resolve("full"), "bs=1k", "count=1000");
    traffic.publish(300);
    traffic.publishLast();
    agent.awaitLast(traffic);
    agent.awaitSaid("what runs now may run again after a restart");
    Files.delete(disk.resolve("full"));
    traffic.publish(10);
    Eventually.await(
        "it writes again", JournalCluster.LIMIT, () -> agent.said("Writes " + disk) > 0);
    traffic.publishLast();
    agent.awaitLast(traffic);
    // What it writes then is all of it: nothing is run again.
    agent.awaitIdle();
    agent.end();
    agent.start();
    assertKept(cluster, agent, traffic);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  /** As NethServer 8 sets them: agents are user default, without password. */
  @Test
  void stockAclsSuffice() throws Exception {
    JournalCluster cluster = cluster(redis());
    cluster.restrict();
    cluster.record();
    JournalingAgent agent = agent(cluster.redis()).begin();
    Traffic traffic = traffic(cluster);
    traffic.publishLast();
    agent.awaitLast(traffic);
    agent.awaitIdle();
    agent.end();
    traffic.publishFor(DOWN);
    agent.start();
    traffic.publishDuring(
        () -> {
          for (int cut = 0; cut < CUTS; cut++) {
            Eventually.await(
                "the agent subscribes",
                JournalCluster.LIMIT,
                () -> cluster.cutSubscription(agent.id()));
            Thread.sleep(random.nextInt(1_000));
          }
          return null;
        });
    assertKept(cluster, agent, traffic);
  }

  @Test
  void withoutRecorderItIsAsWithoutJournal() throws IOException {
    JournalCluster cluster = cluster(redis());
    JournalingAgent agent = agent(cluster.redis()).start();
    Eventually.await(
        "the agent subscribes",
        JournalCluster.LIMIT,
        () -> !cluster.subscriptions(agent.id()).isEmpty());
    Traffic traffic = traffic(cluster);
    traffic.publish(50);
    agent.awaitSaid("no recorder is heard");
    traffic.publish(50);
    traffic.publishLast();
    agent.awaitLast(traffic);
    new Runs(agent, traffic, WHY).assertOnceInOrder();
    assertEquals(1, agent.said("no recorder is heard"), agent.log());
    assertTold(agent, "no recorder is heard");
  }
}
