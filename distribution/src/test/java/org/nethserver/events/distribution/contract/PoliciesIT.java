package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code handler.json} and {@code validate-input.json} beside an event's steps ask for. */
@Unclaimed
class PoliciesIT {
  private static final String EVENT = "certificate-changed";
  private static final String CHANNEL = "module/traefik1/event/" + EVENT;
  private static final int APPS = 6;
  private static final int DOMAINS = 25;

  @RegisterExtension final Stage stage = new Stage();

  private Path policy(String event, String content) {
    Path file = stage.events().resolve(event).resolve("handler.json");
    return file(file, content);
  }

  private Path file(Path file, String content) {
    stage.directory(stage.root().relativize(file.getParent()).toString());
    Stage.write(file, content.replace('\'', '"'));
    return file;
  }

  private static String certificate(int node, int domain) {
    return "{\"node_id\":%d,\"module_id\":\"traefik%d\",\"names\":[\"d%d.example.org\"]}"
        .formatted(node, node, domain);
  }

  /** Two nodes renew the certificates of 25 domains each, of which six apps hear. */
  private void storm() {
    for (int domain = 1; domain <= DOMAINS; domain++) {
      for (int node = 1; node <= 2; node++) {
        stage
            .redis()
            .publish("module/traefik" + node + "/event/" + EVENT, certificate(node, domain));
      }
    }
  }

  /** A host of six apps with this policy. */
  private ContractAgent apps(String policy) {
    List<String> agents = new ArrayList<>();
    for (int app = 1; app <= APPS; app++) {
      Path home = stage.directory("app" + app);
      stage.script(home.resolve("events/" + EVENT + "/10reload"), "seen \"" + app + " $(cat)\"");
      file(home.resolve("events/" + EVENT + "/handler.json"), policy);
      Stage.write(home.resolve("environment"), "NODE_ID=" + (app % 2 + 1) + "\n");
      agents.add(
          "{\"id\":\"module/app%d\",\"events-directories\":[\"%s/events\"],\"state-directory\":\"%s\"}"
              .formatted(app, home, home));
    }
    Path config = stage.root().resolve("agents.json");
    Stage.write(config, "{\"agents\":[" + String.join(",", agents) + "]}");
    return stage
        .launch()
        .withoutUsualFlags()
        .id("events")
        .variable("REDIS_ADDRESS", stage.redis().address())
        .flags("--config=" + config)
        .subscribed();
  }

  @Test
  void stormOfThreeHundredRunsBecomesTwelveWithTheLastPayloads() {
    ContractAgent agent = apps("{'coalesce': {'window': '1s'}}");
    storm();
    agent.awaitLines("exited with status \"completed\" (0) at step 10reload", 2 * APPS);
    assertEquals(2 * APPS * (DOMAINS - 1), agent.lines("runs for a later event").size());
    List<String> expected = new ArrayList<>();
    for (int app = 1; app <= APPS; app++) {
      for (int node = 1; node <= 2; node++) {
        expected.add(app + " " + certificate(node, DOMAINS));
      }
    }
    assertEquals(new TreeSet<>(expected), new TreeSet<>(stage.seen()));
    assertEquals(2 * APPS, stage.seen().size());
  }

  @Test
  void stormIsHalfOfThatWhereEachAppCaresForItsOwnNode() {
    ContractAgent agent = apps("{'when': {'/node_id': '$NODE_ID'}, 'coalesce': {'window': '1s'}}");
    storm();
    agent.awaitLines("exited with status \"completed\" (0) at step 10reload", APPS);
    assertEquals(APPS * DOMAINS, agent.lines("is not to run: /node_id is not $NODE_ID").size());
    for (String line : stage.seen()) {
      int app = line.charAt(0) - '0';
      assertEquals(app + " " + certificate(app % 2 + 1, DOMAINS), line);
    }
    assertEquals(APPS, stage.seen().size());
  }

  @Test
  void policyIsNoStepAndCountsFromTheNextEventOn() throws IOException {
    stage.step(EVENT, "10take", "seen \"$(cat)\"");
    ContractAgent agent = stage.agent();
    agent.run(CHANNEL, "first");
    Path policy = policy(EVENT, "{'sources': ['module/mail*']}");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rwxr-xr-x"));
    stage.redis().publish(CHANNEL, "second");
    agent.awaitLine("is not to run: its source is none of [module/mail*]");
    agent.run("module/mail1/event/" + EVENT, "third");
    Files.delete(policy);
    agent.run(CHANNEL, "fourth");
    assertEquals(List.of("first", "third", "fourth"), stage.seen());
    assertEquals(List.of(), agent.lines("skipped step"));
  }

  @Test
  void laterDirectoryWinsAndMasks() throws IOException {
    stage.step(EVENT, "10take", "seen \"$(cat)\"");
    policy(EVENT, "{'sources': ['module/nobody']}");
    Path later = stage.directory("later/" + EVENT).resolve("handler.json");
    ContractAgent agent =
        stage.agent(
            "--eventsdir=" + stage.events(), "--eventsdir=" + later.getParent().getParent());
    stage.redis().publish(CHANNEL, "1");
    agent.awaitLine("is not to run: its source is none of [module/nobody]");
    file(later, "{'sources': ['module/traefik*']}");
    agent.run(CHANNEL, "2");
    Files.delete(later);
    Files.createSymbolicLink(later, Path.of("/dev/null"));
    agent.run(CHANNEL, "3");
    assertEquals(List.of("2", "3"), stage.seen());
  }

  @Test
  void badOrUntrustedFileIsOneSentenceAndTheEventRuns() throws IOException {
    stage.step(EVENT, "10take", "seen \"$(cat)\"");
    Path policy = policy(EVENT, "{'sorces': ['module/nobody']}");
    ContractAgent agent = stage.agent();
    agent.run(CHANNEL, "1");
    agent.run(CHANNEL, "2");
    assertEquals(
        1,
        agent
            .lines(
                "\""
                    + policy
                    + "\" is not used: has the unknown key \"sorces\"; did you mean"
                    + " \"sources\"?")
            .size(),
        agent::said);
    Stage.write(policy, "{\"sources\": [\"module/nobody\"]}");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-rw-rw-"));
    agent.run(CHANNEL, "3");
    agent.awaitLine("\"handler.json\" is writable by everyone (mode 0666); run chmod o-w");
    Files.delete(policy);
    Files.createSymbolicLink(policy, Path.of("/etc/shadow"));
    agent.run(CHANNEL, "4");
    agent.awaitLine(
        "\"" + policy + "\" is not used: it is a symbolic link; put the file itself there");
    assertEquals(List.of("1", "2", "3", "4"), stage.seen());
  }

  @Test
  void eventsOfOneLaneRunOneAfterTheOtherInTheOrderOfArrival() {
    for (String event : List.of("support-session-started", "support-session-stopped")) {
      stage.step(
          event,
          "10take",
          "mkdir \"$N/lock\" || seen overlap",
          "sleep 0.1",
          "seen \"$AGENT_EVENT_NAME $(cat)\"",
          "rmdir \"$N/lock\"");
      policy(event, "{'lane': 'support-session'}");
    }
    ContractAgent agent = stage.agent();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      for (String event : List.of("support-session-started", "support-session-stopped")) {
        stage.redis().publish("module/m" + i + "/event/" + event, "" + i);
        expected.add(event + " " + i);
      }
    }
    agent.awaitLines("exited with status \"completed\"", expected.size());
    assertEquals(expected, stage.seen());
  }

  @Test
  void temporaryFailureIsTriedAgainAndThenCompleted() {
    stage.step(
        EVENT,
        "10flaky",
        "seen \"$AGENT_EVENT_ID\"",
        "[ $(wc -l < \"$N/seen\") -ge 3 ] || exit 75");
    policy(EVENT, "{'retry': {'attempts': 5, 'delay': '50ms'}}");
    ContractAgent agent = stage.agent();
    assertEquals("\"completed\" (0) at step 10flaky", agent.run(CHANNEL, "{}"));
    assertEquals(3, stage.seen().size());
    assertEquals(1, stage.seen().stream().distinct().count(), "the same id");
    agent.awaitLine("starts step 10flaky again in ");
    agent.awaitLines("failed at step 10flaky: exit status 75", 2);
  }

  @Test
  void boundAndTimeLimitOfOneEventAreItsOwn() {
    Gate gate = stage.gate("gate");
    stage.step(EVENT, "10wait", "seen in", gate.pass());
    policy(EVENT, "{'maxConcurrent': 1}");
    stage.step("order-placed", "10hang", "exec sleep 60");
    policy("order-placed", "{'timeout': '300ms'}");
    stage.step("user-created", "10take", "seen other");
    ContractAgent agent = stage.agent();
    stage.redis().publish("module/traefik1/event/" + EVENT, "{}");
    stage.redis().publish("module/traefik2/event/" + EVENT, "{}");
    stage.awaitSeen(1);
    agent.run("cluster/event/user-created", "{}");
    assertEquals(
        "\"timed-out\" (-1) at step 10hang", agent.run("cluster/event/order-placed", "{}"));
    assertEquals(List.of("in", "other"), stage.seen());
    gate.open();
    agent.awaitLines("exited with status \"completed\" (0) at step 10wait", 2);
  }

  @Test
  void invalidInputIsWarnedOfOrRejectedAndNoValueOfItIsShown() {
    stage.step(EVENT, "10take", "seen \"$(cat)\"");
    file(
        stage.events().resolve(EVENT).resolve("validate-input.json"),
        "{'type': 'object', 'required': ['names'], 'properties': {'names': {'type': 'array'}}}");
    ContractAgent agent = stage.agent();
    agent.run(CHANNEL, "{\"names\":\"hunter2\"}");
    agent.awaitLine(
        "runs although its payload breaks validate-input.json: /names is a string; send an array");
    policy(EVENT, "{'invalidInput': 'reject'}");
    stage.redis().publish(CHANNEL, "{\"names\":\"hunter3\"}");
    agent.awaitLine(
        "does not run: its payload breaks validate-input.json: /names is a string; send an array");
    agent.run(CHANNEL, "{\"names\":[]}");
    assertEquals(List.of("{\"names\":\"hunter2\"}", "{\"names\":[]}"), stage.seen());
    assertFalse(agent.lines().stream().anyMatch(line -> line.contains("hunter")), agent::said);
  }

  @Test
  void agentThatFinishesRunsWhatWaitedForMore() {
    stage.step(EVENT, "10take", "seen \"$(cat)\"");
    policy(EVENT, "{'coalesce': {'window': '1h'}}");
    ContractAgent agent = stage.agent();
    stage.redis().publish(CHANNEL, "1");
    stage.redis().publish(CHANNEL, "2");
    agent.awaitLine("runs for a later event");
    agent.signal("USR1");
    assertEquals(0, agent.awaitExit());
    assertEquals(List.of("2"), stage.seen());
  }
}
