package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.redis.testing.StallingProxy;

/** Point 6: Redis goes, comes, says no, or says nothing. */
class OutageIT {
  private static final String CHANNEL = "cluster/event/greeting-sent";
  private static final String MISSED = "events may have been missed";

  @RegisterExtension final Stage stage = new Stage();

  @BeforeEach
  void writeStep() {
    stage.step("greeting-sent", "10greet", "seen \"$(cat)\"");
  }

  private static List<String> errors(ContractAgent agent) {
    return agent.lines("<3>").stream().filter(line -> line.startsWith("<3>")).toList();
  }

  private static List<String> subscriptions(ContractAgent agent) {
    return agent.lines().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).matches("(<4>)?subscribed.*"))
        .toList();
  }

  @Claim({"6a", "6d", "6i"})
  @Test
  void serverMayBeAbsentAtTheStart() {
    Redis server = stage.keep(Redis.absent());
    Launch launch = stage.launch().redis(server);
    ContractAgent agent;
    try (Refusals refusals = new Refusals(server.port())) {
      agent = launch.start();
      refusals.await(5);
    }
    assertEquals(1, errors(agent).stream().distinct().count(), agent::said);
    assertEquals(List.of(), subscriptions(agent));

    server.restart();
    server.awaitSubscriber(agent.id());
    agent.run(CHANNEL, () -> server.publish(CHANNEL, "hello"));

    assertEquals(List.of("hello"), stage.seen());
    assertEquals(1, subscriptions(agent).size(), agent::said);
    assertEquals(List.of(), agent.lines(MISSED));
    // One line for each reason: the connection that is closed, then perhaps one that is refused.
    assertEquals(errors(agent).stream().distinct().toList(), errors(agent));
  }

  @Claim({"6b", "6c", "6d", "6h", "6i", "6j", "6k"})
  @Test
  void serverMayGoAndComeBack() {
    Redis server = stage.keep(Redis.start());
    ContractAgent agent = stage.launch().redis(server).subscribed();
    agent.run(CHANNEL, () -> server.publish(CHANNEL, "before"));
    assertEquals(List.of(), agent.lines(MISSED));
    assertEquals(1, subscriptions(agent).size(), agent::said);

    server.stop();
    agent.awaitLine("an error", line -> line.startsWith("<3>"));
    try (Refusals refusals = new Refusals(server.port())) {
      List<Long> times = refusals.await(6);
      for (int i = 1; i < times.size(); i++) {
        double pause = (times.get(i) - times.get(i - 1)) / 1e9;
        assertTrue(pause > 0.08 && pause < 5.5, () -> "a pause of " + pause + " s");
      }
    }
    assertEquals(errors(agent).stream().distinct().toList(), errors(agent));
    server.restart();
    long back = System.nanoTime();
    // Nobody hears this one, or the agent has: either way it is told below.
    server.awaitSubscriber(agent.id());
    double seconds = (System.nanoTime() - back) / 1e9;
    assertTrue(seconds < 1, () -> "subscribed again only after " + seconds + " s");

    agent.run(CHANNEL, () -> server.publish(CHANNEL, "after"));
    List<String> missed = agent.lines(MISSED);
    assertEquals(1, missed.size(), agent::said);
    assertTrue(missed.getFirst().startsWith("<4>"), missed::getFirst);
    assertEquals(List.of("before", "after"), stage.seen());
    agent.signal("USR1");
    assertEquals(0, agent.awaitExit());
    assertTrue(agent.lines().getLast().matches(".*\\b1 gaps?\\b.*"), agent::said);
  }

  @Claim({"6h", "6k"})
  @Test
  void gapIsToldWithItsBoundsAndItsEventsAreNotRunLater() {
    Redis server = stage.keep(Redis.start());
    ContractAgent agent = stage.launch().redis(server).subscribed();
    // Nobody may subscribe, and the one who has is thrown out; publishers go on.
    server.command("ACL", "SETUSER", "default", "resetchannels");
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    agent.awaitLine("an error", line -> line.startsWith("<3>"));
    server.command("ACL", "SETUSER", "default", "&" + CHANNEL);
    assertEquals(0, server.publish(CHANNEL, "missed"));
    server.command("ACL", "SETUSER", "default", "allchannels");
    server.awaitSubscriber(agent.id());

    agent.run(CHANNEL, () -> server.publish(CHANNEL, "next"));

    assertEquals(List.of("next"), stage.seen());
    String line = agent.awaitLine(MISSED);
    // From when to when, or how long until now.
    assertTrue(line.matches("<4>.*\\d+.*(ms|s|m|h|Z)\\b.*"), line);
  }

  @Claim({"6d", "6e", "23c"})
  @Test
  void wrongPasswordIsOneLineUntilItIsRight() {
    Redis server = stage.keep(Redis.start("--requirepass", "another"));
    server.login("another");
    ContractAgent agent =
        stage
            .launch()
            .redis(server)
            .flags("--redis=redis://default:wr0ng-s3cret@" + server.address())
            .start();
    Await.until("three tries", Await.LIMIT, () -> refusals(server, "WRONGPASS") >= 3, agent::said);
    assertEquals(1, errors(agent).size(), agent::said);

    server.command("CONFIG", "SET", "requirepass", "wr0ng-s3cret");
    server.awaitSubscriber(agent.id());
    agent.run(CHANNEL, () -> server.publish(CHANNEL, "hello"));

    assertEquals(List.of("hello"), stage.seen());
    assertFalse(agent.said().contains("wr0ng-s3cret"), agent::said);
  }

  @Claim({"6d", "6f"})
  @Test
  void userWhoMayNotSubscribeIsOneLineUntilHeMay() {
    Redis server = stage.keep(Redis.start());
    server.command("ACL", "SETUSER", "default", "resetchannels");
    ContractAgent agent = stage.launch().redis(server).start();
    Await.until("three tries", Await.LIMIT, () -> refusals(server, "NOPERM") >= 3, agent::said);
    assertEquals(1, errors(agent).size(), agent::said);
    assertEquals(List.of(), subscriptions(agent));

    server.command("ACL", "SETUSER", "default", "allchannels");
    server.awaitSubscriber(agent.id());
    agent.run(CHANNEL, () -> server.publish(CHANNEL, "hello"));

    assertEquals(List.of("hello"), stage.seen());
  }

  private static int refusals(Redis server, String code) {
    return server
        .command("INFO", "errorstats")
        .lines()
        .filter(line -> line.startsWith("errorstat_" + code + ":count="))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf('=') + 1)))
        .sum();
  }

  @Claim({"6g", "6h"})
  @Test
  void deadConnectionIsReplacedWithinFifteenSeconds() throws IOException {
    StallingProxy proxy = stage.keep(new StallingProxy(stage.redis().port()));
    ContractAgent agent =
        stage
            .launch()
            .id("module/stall1")
            .variable("REDIS_ADDRESS", proxy.uri().getAuthority())
            .subscribed();
    agent.run(CHANNEL, "before");
    int connections = proxy.accepted();

    proxy.stall();
    long stalled = System.nanoTime();
    agent.awaitLine(MISSED);
    double seconds = (System.nanoTime() - stalled) / 1e9;

    assertTrue(seconds <= 15, () -> "noticed only after " + seconds + " s");
    assertTrue(proxy.accepted() > connections);
    agent.run(CHANNEL, "after");
    assertEquals(List.of("before", "after"), stage.seen());
  }
}
