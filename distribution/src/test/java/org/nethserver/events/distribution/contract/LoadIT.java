package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 19: what happens to events that cannot run yet. */
class LoadIT {
  private static final String CHANNEL = "module/flood1/event/order-placed";
  private static final String REJECTED = "<3>Agent is busy. Event " + CHANNEL + " rejected!";
  private static final int KIBIBYTE = 1024;

  @RegisterExtension final Stage stage = new Stage();
  private Gate gate;

  /** Starts an agent whose one event on the channel runs and waits at the gate. */
  private ContractAgent blocked(String... flags) {
    gate = stage.gate("gate");
    stage.step("order-placed", "10take", "read -r number _; seen \"$number\"", gate.pass());
    ContractAgent agent = stage.agent(flags);
    stage.redis().publish(CHANNEL, "0\n");
    stage.awaitSeen(1);
    return agent;
  }

  private void awaitRead(ContractAgent agent) {
    int before = agent.lines("refused").size();
    stage.redis().publish("x/event/..", "{}");
    agent.awaitLines("refused", before + 1);
  }

  private static byte[] payload(int number, int size) {
    byte[] payload = " ".repeat(size).getBytes(US_ASCII);
    byte[] text = (number + "\n").getBytes(US_ASCII);
    System.arraycopy(text, 0, payload, 0, text.length);
    return payload;
  }

  private static List<String> numbers(int last) {
    return IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
  }

  @Claim({"19a", "19f"})
  @Test
  void whatCannotRunYetIsRunInItsTurn() {
    ContractAgent agent = blocked("--max-concurrency=1");

    stage.redis().publishMany(CHANNEL, 100, i -> payload(i, 16));
    awaitRead(agent);
    assertEquals(List.of("0"), stage.seen());
    gate.open();

    agent.awaitLines("exited with status \"completed\"", 101);
    assertEquals(numbers(100), stage.seen());
    assertEquals(List.of(), agent.lines("rejected"));
  }

  @Claim({"19d", "19f", "22f"})
  @Test
  void eventBeyondTheNumberIsRejected() {
    ContractAgent agent = blocked("--queue-events=3");

    stage.redis().publishMany(CHANNEL, 5, i -> payload(i, 16));
    awaitRead(agent);
    assertEquals(List.of(REJECTED, REJECTED), agent.lines("rejected"));
    gate.open();

    agent.awaitLines("exited with status \"completed\"", 4);
    // There is room again, and what was rejected does not come back.
    stage.redis().publish(CHANNEL, "6\n");
    agent.awaitLines("exited with status \"completed\"", 5);
    assertEquals(List.of("0", "1", "2", "3", "6"), stage.seen());
  }

  @Claim({"19e", "19f"})
  @Test
  void eventBeyondTheSizeIsRejected() {
    ContractAgent agent = blocked("--queue-bytes=1MiB");

    // Three of them fit, whatever else is counted; four do not.
    stage.redis().publishMany(CHANNEL, 4, i -> payload(i, 300 * KIBIBYTE));
    awaitRead(agent);
    assertEquals(List.of(REJECTED), agent.lines("rejected"));
    gate.open();

    agent.awaitLines("exited with status \"completed\"", 4);
    assertEquals(numbers(3), stage.seen());
  }

  @Claim("19b")
  @Test
  void tenThousandEventsMayWait() {
    ContractAgent agent = blocked();

    stage.redis().publishMany(CHANNEL, 10_000, i -> payload(i, 16));
    awaitRead(agent);
    assertEquals(List.of(), agent.lines("rejected"));
    stage.redis().publishMany(CHANNEL, 3, i -> payload(i, 16));
    awaitRead(agent);

    assertEquals(List.of(REJECTED, REJECTED, REJECTED), agent.lines("rejected"));
  }

  @Claim("19c")
  @Test
  void sixtyFourMebibytesMayWait() {
    ContractAgent agent = blocked();

    for (int published = 0; published < 63; published += 7) {
      // Not all at once: Redis drops a subscriber that is 32 MB behind, however fast it reads.
      stage.redis().publishMany(CHANNEL, 7, i -> payload(i, KIBIBYTE * KIBIBYTE));
      awaitRead(agent);
    }
    assertEquals(List.of(), agent.lines("rejected"));
    stage.redis().publishMany(CHANNEL, 4, i -> payload(i, KIBIBYTE * KIBIBYTE));
    awaitRead(agent);

    int rejected = agent.lines("rejected").size();
    assertTrue(rejected == 3 || rejected == 4, () -> rejected + " of 4 rejected");
    assertTrue(agent.running());
  }

  @Claim("19g")
  @Test
  void readingGoesOnWhateverWaitsOrIsRejected() {
    ContractAgent agent = blocked("--queue-events=10", "--max-concurrency=1");

    for (int burst = 0; burst < 5; burst++) {
      // More than a socket holds, so that a reader that stands still shows in the server's buffer.
      stage.redis().publishMany(CHANNEL, 64, i -> payload(i, 256 * KIBIBYTE));
      awaitRead(agent);
      String client = stage.redis().awaitSubscriber(agent.id());
      assertEquals(0, Redis.figure(client, "omem"), client);
    }

    assertEquals(5 * 64 - 10, agent.lines("rejected").size());
    assertEquals(List.of("0"), stage.seen());
    gate.open();
    agent.awaitLines("exited with status \"completed\"", 11);
  }
}
