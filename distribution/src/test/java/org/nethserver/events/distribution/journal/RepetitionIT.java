package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.RedisServer;

/** {@code events replay} and {@code events dead}, with an agent of the built image. */
final class RepetitionIT {
  private static final String EVENT = "thing-repeated";

  @TempDir private static Path logs;
  @TempDir private Path directory;
  private static JournalCluster cluster;
  private JournalingAgent agent;

  @BeforeAll
  static void record() throws IOException {
    cluster = new JournalCluster(RedisServer.start("--appendonly", "yes"), logs);
    cluster.record();
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @AfterEach
  void endAgent() {
    agent.close();
  }

  private JournalingAgent agent(String name) throws IOException {
    agent =
        new JournalingAgent(
            directory, name, "127.0.0.1:" + cluster.redis().port(), EVENT + "-" + name);
    return agent;
  }

  private static Traffic traffic(String name) {
    return new Traffic(cluster, EVENT + "-" + name, 2, new Random());
  }

  private List<String> ids() throws IOException {
    return agent.lines().stream().map(JournalingAgent.Line::id).toList();
  }

  @Test
  void replayRunsTheSameEventAgain() throws IOException, InterruptedException {
    agent("again1").begin();
    Traffic traffic = traffic("again1");
    traffic.publishOn(0);
    traffic.publishOn(1);
    agent.awaitLines(4);
    agent.awaitIdle();
    String id = cluster.recorded(traffic.event()).getFirst().position();

    JournalingAgent.Said dry = agent.type("replay", "--dry-run", id);
    assertEquals(0, dry.code(), dry.text());
    assertTrue(dry.text().contains(id + "  " + traffic.channel(0)), dry.text());
    assertEquals(4, agent.lines().size());

    JournalingAgent.Said replayed = agent.type("replay", id);
    assertEquals(
        new JournalingAgent.Said(0, id + "  " + traffic.channel(0) + ": completed (0)\n"),
        replayed);
    assertEquals(List.of(id, id), ids().subList(4, 6));

    JournalingAgent.Said all = agent.type("replay", "--since=1h", "--only=" + traffic.event());
    assertEquals(0, all.code(), all.text());
    assertEquals(10, agent.lines().size());

    JournalingAgent.Said unknown = agent.type("replay", "never-1");
    assertEquals(1, unknown.code());
    assertTrue(unknown.text().startsWith("never-1 is not in the journal"), unknown.text());
  }

  @Test
  void whatFailsIsTold() throws IOException, InterruptedException {
    agent("fails1").step(EVENT + "-fails1", 1, "[ -e '" + directory + "/well' ] || exit 3").begin();
    Traffic traffic = traffic("fails1");
    traffic.publishOn(0);
    agent.awaitSaid("exited with status \"aborted\" (3)");
    JournalingAgent.Said replayed = agent.type("replay", "--since=1h", "--only=" + traffic.event());
    assertEquals(1, replayed.code());
    assertTrue(replayed.text().endsWith(": failed aborted (3)\n"), replayed.text());
  }

  @Test
  void withoutAnAgentItSaysSo() throws IOException, InterruptedException {
    agent("gone1").begin();
    Traffic traffic = traffic("gone1");
    traffic.publishOn(0);
    agent.awaitLines(2);
    agent.end();
    JournalingAgent.Said replayed = agent.type("replay", "--since=1h");
    assertEquals(1, replayed.code());
    assertTrue(replayed.text().startsWith("no agent answers at "), replayed.text());
  }

  @Test
  void whatIsSetAsideIsShownRetriedAndDropped() throws IOException, InterruptedException {
    agent("dead1").holdAt(2).begin();
    Traffic traffic = traffic("dead1");
    traffic.publishOn(0);
    traffic.publishOn(1);
    agent.awaitLines(2);
    for (int crash = 1; crash <= 2; crash++) {
      agent.kill();
      agent.start();
      agent.awaitLines(crash == 1 ? 4 : 0);
    }
    agent.awaitSaid(traffic.channel(1) + " of ");
    List<JournalCluster.Recorded> recorded = cluster.recorded(traffic.event());
    JournalingAgent.Said shown = agent.type("dead");
    assertEquals(0, shown.code(), shown.text());
    for (JournalCluster.Recorded event : recorded) {
      assertTrue(shown.text().contains(event.position() + "  " + event.channel()), shown.text());
    }

    JournalingAgent.Said dropped = agent.type("dead", "--drop", recorded.get(1).position());
    assertTrue(dropped.text().endsWith(": dropped\n"), dropped.text());
    agent.letGo();
    JournalingAgent.Said retried = agent.type("dead", "--retry");
    assertEquals(0, retried.code(), retried.text());
    assertTrue(retried.text().endsWith(": completed (0)\n"), retried.text());
    assertEquals(List.of(recorded.getFirst().position()), List.copyOf(ids().subList(5, 6)));
    assertEquals(new JournalingAgent.Said(0, "Nothing is set aside\n"), agent.type("dead"));

    // It stays so for the next process.
    agent.end();
    agent.start();
    agent.awaitSaid("Stopped: ");
    assertEquals(new JournalingAgent.Said(0, "Nothing is set aside\n"), agent.type("dead"));
  }
}
