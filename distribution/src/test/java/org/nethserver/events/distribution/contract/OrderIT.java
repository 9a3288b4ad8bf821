package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points 17 and 18: how many steps run at once, and in which order. */
class OrderIT {
  private static final String CHANNEL = "cluster/event/order-placed";

  @RegisterExtension final Stage stage = new Stage();

  /** Publishes to so many channels, each of which then has a step that waits at the gate. */
  private void publishToChannels(int channels) {
    for (int i = 1; i <= channels; i++) {
      stage.redis().publish("module/m" + i + "/event/order-placed", "{}");
    }
  }

  /** A step that keeps its place until the gate lets it go, and tells how many had one. */
  private Gate stepsThatWait() {
    Gate gate = stage.gate("gate");
    stage.directory("notes/active");
    stage.step(
        "order-placed",
        "10wait",
        "mkdir \"$N/active.$$\"",
        "seen \"$(ls -d \"$N\"/active.* | wc -l)\"",
        gate.pass(),
        // The place in the list is given up before the place in the agent, never after.
        "rmdir \"$N/active.$$\"");
    return gate;
  }

  /** Waits until the agent has dealt with all that was published so far: it reads in order. */
  private void awaitRead(ContractAgent agent) {
    int before = agent.lines("refused").size();
    stage.redis().publish("x/event/..", "{}");
    agent.awaitLines("refused", before + 1);
  }

  /** Exactly so many of 48 events run at once, and with each that ends one more begins. */
  private void runsExactly(int places, ContractAgent agent, Gate gate) {
    int events = places + 16;
    publishToChannels(events);
    awaitRead(agent);
    for (int ended = 0; ended <= events - places; ended++) {
      int started = places + ended;
      stage.awaitSeen(started);
      agent.awaitLines("is starting step", started);
      assertEquals(started, agent.lines("is starting step").size(), agent::said);
      gate.release(1);
    }
    gate.open();
    agent.awaitLines("exited with status \"completed\"", events);
    int most =
        stage.seen().stream().mapToInt(line -> Integer.parseInt(line.strip())).max().orElse(0);
    assertEquals(places, most, "the most that ran at once");
  }

  @Claim({"17a", "17b"})
  @Test
  void thirtyTwoStepsRunAtOnce() {
    Gate gate = stepsThatWait();
    runsExactly(32, stage.agent(), gate);
  }

  @Claim({"17a", "17b"})
  @Test
  void theBoundHoldsWithoutOrderingToo() {
    Gate gate = stepsThatWait();
    runsExactly(32, stage.agent("--ordering=none"), gate);
  }

  @Claim("17c")
  @Test
  void variableSetsAnotherNumber() {
    Gate gate = stepsThatWait();
    runsExactly(3, stage.launch().variable("MAX_CONCURRENCY", "3").subscribed(), gate);
  }

  @Claim("17d")
  @Test
  void flagWinsOverTheVariable() {
    Gate gate = stepsThatWait();
    runsExactly(
        2,
        stage.launch().variable("MAX_CONCURRENCY", "5").flags("--max-concurrency=2").subscribed(),
        gate);
  }

  @Claim({"18a", "18b"})
  @Test
  void eventsOfOneChannelRunOneAfterTheOther() {
    stage.step(
        "order-placed",
        "10begin",
        "mkdir \"$N/lock\" || seen overlap",
        "read -r number; seen \"begin $number\"");
    stage.step(
        "order-placed",
        "20end",
        "read -r number; seen \"end $number\"",
        "rmdir \"$N/lock\" || seen overlap");
    ContractAgent agent = stage.agent();

    stage.redis().publishMany(CHANNEL, 30, i -> (i + "\n").getBytes(US_ASCII));
    agent.awaitLines("exited with status \"completed\"", 30);

    List<String> wanted =
        IntStream.rangeClosed(1, 30)
            .boxed()
            .<String>mapMulti(
                (i, to) -> {
                  to.accept("begin " + i);
                  to.accept("end " + i);
                })
            .toList();
    assertEquals(wanted, stage.seen());
  }

  @Claim({"18b", "18e"})
  @Test
  void orderIsKeptWherePlacesAreRareAndAskedFor() {
    stage.step("order-placed", "10tell", "read -r number; seen \"$AGENT_EVENT_SOURCE $number\"");
    ContractAgent agent = stage.agent("--ordering=channel", "--max-concurrency=2");
    List<String> channels = List.of("module/a", "module/b", "module/c", "module/d");

    for (int i = 1; i <= 10; i++) {
      for (String channel : channels) {
        stage.redis().publish(channel + "/event/order-placed", i + "\n");
      }
    }
    agent.awaitLines("exited with status \"completed\"", 40);

    for (String channel : channels) {
      List<String> seen =
          stage.seen().stream().filter(line -> line.startsWith(channel + " ")).toList();
      assertEquals(IntStream.rangeClosed(1, 10).mapToObj(i -> channel + " " + i).toList(), seen);
    }
  }

  @Claim({"18c", "18d"})
  @Test
  void slowChannelDelaysNoOther() {
    Gate gate = stage.gate("gate");
    stage.step("dawn-broken", "10wait", "seen slow", gate.pass());
    stage.step("order-placed", "10run", "seen quick");
    ContractAgent agent = stage.agent("--max-concurrency=2");
    for (int i = 0; i < 5; i++) {
      stage.redis().publish("cluster/event/dawn-broken", "{}");
    }
    stage.awaitSeen(1);

    List<String> wanted = new ArrayList<>(List.of("slow"));
    for (int i = 0; i < 20; i++) {
      agent.run("module/m" + i + "/event/order-placed", "{}");
      wanted.add("quick");
    }

    assertEquals(wanted, stage.seen());
    gate.open();
    agent.awaitLines("dawn-broken exited", 5);
  }

  @Claim("18c")
  @Test
  void sameNameOfOtherSourceIsAnotherChannel() {
    Gate gate = stepsThatWait();
    ContractAgent agent = stage.agent();

    publishToChannels(4);

    stage.awaitSeen(4);
    assertTrue(
        stage.seen().stream().anyMatch(line -> line.strip().equals("4")), stage.seen()::toString);
    gate.open();
    agent.awaitLines("exited", 4);
  }

  @Claim("18e")
  @Test
  void withoutOrderingEventsOfOneChannelRunAtOnce() {
    Gate gate = stepsThatWait();
    ContractAgent agent = stage.agent("--ordering=none");

    stage.redis().publishMany(CHANNEL, 5, i -> new byte[0]);

    stage.awaitSeen(5);
    gate.open();
    agent.awaitLines("exited with status \"completed\"", 5);
  }
}
