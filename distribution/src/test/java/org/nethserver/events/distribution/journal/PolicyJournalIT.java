package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;

/** Policies keep events waiting, or from being run: with a journal none of them is lost. */
final class PolicyJournalIT {
  private static final String EVENT = "thing-ruled";

  @TempDir private Path directory;
  private JournalCluster cluster;
  private JournalingAgent agent;
  private Traffic traffic;

  @BeforeEach
  void begin() throws IOException {
    cluster =
        new JournalCluster(RedisServer.start("--appendonly", "yes"), directory.resolve("logs"));
    cluster.record();
    agent = new JournalingAgent(directory, "ruled", "127.0.0.1:" + cluster.redis().port(), EVENT);
    traffic = new Traffic(cluster, EVENT, 2, new Random());
  }

  @AfterEach
  void end() {
    agent.close();
    cluster.close();
  }

  private void policy(String content) throws IOException {
    Files.writeString(
        directory.resolve("ruled/events/" + EVENT + "/handler.json"), content.replace('\'', '"'));
  }

  private List<Integer> numbers() throws IOException {
    return agent.lines().stream().map(JournalingAgent.Line::number).toList();
  }

  @Test
  void eventThatWaitsForMoreOfItsKindRunsAfterACrash() throws IOException, InterruptedException {
    policy("{'coalesce': {'window': '1h'}}");
    agent.begin();
    for (int i = 0; i < 3; i++) {
      traffic.publishOn(0);
    }
    agent.awaitSaid("runs for a later event");
    agent.kill();
    policy("{'coalesce': {'window': '300ms'}}");
    agent.start().awaitLines(2);
    agent.awaitIdle();
    assertEquals(List.of(2, 2), numbers());
    agent.end();
    // And that was all.
    policy("{}");
    agent.start();
    traffic.publishOn(0);
    agent.awaitLines(4);
    assertEquals(List.of(2, 2, 3, 3), numbers());
  }

  @Test
  void filteredEventIsDone() throws IOException, InterruptedException {
    policy("{'when': {'/channel': 1}}");
    agent.begin();
    traffic.publishOn(0);
    traffic.publishOn(1);
    agent.awaitLines(2);
    agent.awaitIdle();
    agent.awaitSaid("is not to run: /channel is not 1");
    String head = cluster.recorded(EVENT).getLast().position();
    Eventually.await(
        "the agent is past all",
        JournalCluster.LIMIT,
        () -> Files.readString(agent.state()).contains(head));
    agent.kill();
    policy("{}");
    agent.start();
    traffic.publishOn(0);
    agent.awaitLines(4);
    agent.awaitIdle();
    assertEquals(
        List.of(1, 1, 0, 0), agent.lines().stream().map(JournalingAgent.Line::channel).toList());
    assertEquals(List.of(0, 0, 1, 1), numbers());
  }

  @Test
  void stepThatIsToBeTriedAgainIsTriedAgainAfterACrash() throws IOException, InterruptedException {
    policy("{'retry': {'attempts': 9, 'delay': '1h', 'maxDelay': '1h'}}");
    agent.step(EVENT, 2, "[ -e '" + directory + "/well' ] || exit 75").begin();
    traffic.publishOn(0);
    agent.awaitSaid("starts step 20write again");
    agent.kill();
    Files.createFile(directory.resolve("well"));
    agent.start().awaitLines(3);
    assertEquals(
        List.of("1/1", "2/1", "2/2"),
        agent.lines().stream().map(line -> line.delivery() + "/" + line.step()).toList());
  }
}
