package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24: many agents in one process. */
class HostingIT {
  private static final int AGENTS = 20;
  private static final String CHANNEL = "cluster/event/user-created";

  @RegisterExtension final Stage stage = new Stage();

  private Path configuration() {
    return stage.directory("agents");
  }

  /** Writes down an agent with directories of its own. */
  private void define(String id, String more) {
    stage.directory(id + "/events");
    Stage.write(stage.directory(id + "/state").resolve("environment"), "SECRET=" + id + "\n");
    Stage.write(configuration().resolve(id + ".json"), definition(id, more));
  }

  private String definition(String id, String more) {
    return """
    {"agents": [{"id": "module/%1$s", "events-directories": ["%2$s/%1$s/events"],
      "state-directory": "%2$s/%1$s/state"%3$s}]}
    """
        .formatted(id, stage.root(), more);
  }

  private void step(String id, String event, String... lines) {
    stage.script(stage.root().resolve(id + "/events/" + event + "/10take"), lines);
  }

  private ContractAgent host(String... flags) {
    return stage
        .launch()
        .withoutUsualFlags()
        .id("events")
        .variable("REDIS_ADDRESS", stage.redis().address())
        .flags("--config=" + configuration())
        .flags(flags)
        .subscribed();
  }

  private static List<String> ids(int from) {
    return IntStream.range(from, AGENTS).mapToObj(i -> "m" + i).toList();
  }

  @Claim({"24a", "24b", "24c", "24d"})
  @Test
  void eventReachesEachAgentWithItsOwnDirectoryVariablesAndLines() {
    List<String> expected = new ArrayList<>();
    for (String id : ids(0)) {
      define(id, ", \"environment\": {\"MINE\": \"of-" + id + "\"}");
      step(
          id,
          "user-created",
          "seen \"$AGENT_ID $MINE $SECRET $(basename $(dirname $PWD))\"; echo hi");
      expected.add("module/%1$s of-%1$s %1$s %1$s".formatted(id));
    }
    ContractAgent agent = host();

    stage.redis().publish(CHANNEL, "{}");

    assertEquals(
        expected.stream().sorted().toList(), stage.awaitSeen(AGENTS).stream().sorted().toList());
    agent.awaitLines("exited with status \"completed\" (0) at step 10take", AGENTS);
    for (String id : ids(0)) {
      agent.awaitLine(
          "agent@"
              + id
              + ": Handler of "
              + CHANNEL
              + " exited with status \"completed\" (0) at step");
      assertEquals(1, agent.awaitStepLines(1, line -> line.equals("agent@" + id + ": hi")).size());
    }
    assertEquals(
        1, stage.redis().clients().stream().filter(c -> Redis.subscribes(c, "events")).count());
  }

  @Claim({"24e", "24f"})
  @Test
  void slowFloodedAndBrokenAgentsDelayNoOther() throws IOException {
    Gate gate = stage.gate("gate");
    for (String id : ids(0)) {
      define(id, "");
    }
    // As slow as can be, on more channels than it may have places.
    step("m0", "flood", gate.pass());
    // No directories at all, and one in whose place there is a file.
    define("m1", ", \"plugins-directories\": [\"" + stage.root() + "/m1/plugins\"]");
    Stage.write(stage.directory("m1/plugins").resolve("bad.jar"), "no jar");
    Files.delete(stage.root().resolve("m2/events"));
    Stage.write(stage.root().resolve("m2/events"), "a file");
    Files.delete(stage.root().resolve("m3/state/environment"));
    Files.delete(stage.root().resolve("m3/state"));
    for (String id : ids(4)) {
      step(id, "user-created", "seen " + id);
    }
    ContractAgent agent = host("--max-concurrency=40", "--queue-events=400");
    for (int channel = 0; channel < 50; channel++) {
      stage.redis().publishMany("module/x" + channel + "/event/flood", 10, i -> new byte[] {'x'});
    }
    agent.awaitLine(
        "agent@m0: Agent is busy.", line -> line.startsWith("<3>agent@m0: Agent is busy."));

    stage.redis().publish(CHANNEL, "{}");

    assertEquals(
        ids(4).stream().sorted().toList(), stage.awaitSeen(AGENTS - 4).stream().sorted().toList());
    assertTrue(
        agent.lines("rejected!").stream().allMatch(line -> line.contains("agent@m0: ")),
        () -> "another agent's event was rejected: " + agent.said());
    gate.open();
  }

  @Claim({"24g", "24h"})
  @Test
  void reloadAddsChangesAndRemovesAgentsBetweenTwoEvents() throws IOException {
    Gate gate = stage.gate("gate");
    for (String id : List.of("stays", "changes", "goes")) {
      define(id, "");
      step(id, "order-placed", "read -r n; seen \"" + id + " ${MINE:-before} $n\"", gate.pass());
    }
    ContractAgent agent = host();
    publish("order-placed", 1);
    stage.awaitSeen(3);
    publish("order-placed", 2);
    define("changes", ", \"environment\": {\"MINE\": \"after\"}");
    define("comes", "");
    step("comes", "order-placed", "read -r n; seen \"comes $n\"");
    Files.delete(configuration().resolve("goes.json"));
    agent.signal("HUP");
    agent.awaitLine(
        "the changes",
        line ->
            line.contains("module/goes removed")
                && line.contains("module/changes changed")
                && line.contains("module/comes added")
                && !line.contains("module/stays"));
    publish("order-placed", 3);
    gate.open();

    assertEquals(
        List.of(
            "changes after 2",
            "changes after 3",
            "changes before 1",
            "comes 3",
            "goes before 1",
            "goes before 2",
            "stays before 1",
            "stays before 2",
            "stays before 3"),
        stage.awaitSeen(9).stream().sorted().toList());
    agent.awaitLines("exited with status \"completed\"", 9);
    for (String id : List.of("changes", "stays")) {
      assertEquals(
          List.of("1", "2", "3"),
          stage.seen().stream()
              .filter(line -> line.startsWith(id))
              .map(line -> line.substring(line.length() - 1))
              .toList(),
          "the order of the channel");
    }
  }

  private void publish(String event, int number) {
    stage.redis().publish("cluster/event/" + event, number + "\n");
  }

  @Claim({"24i", "24j"})
  @Test
  void allThatIsWrongIsToldAtOnceAndAReloadThenChangesNothing() {
    define("good", "");
    step("good", "user-created", "seen good");
    ContractAgent agent = host();
    Stage.write(configuration().resolve("a.json"), definition("a", ", \"trsut\": \"any\""));
    Stage.write(configuration().resolve("b.json"), definition("b", ", \"user\": \"nobody-else\""));
    agent.signal("HUP");
    agent.awaitLine("/a.json: /agents/0 has the unknown key \"trsut\"; did you mean \"trust\"?");
    agent.awaitLine("/b.json: /agents/0/user is \"nobody-else\", and ");
    agent.awaitLine("the agents stay as they were");
    stage.redis().publish(CHANNEL, "{}");
    assertEquals(List.of("good"), stage.awaitSeen(1));

    ContractAgent refused =
        stage.launch().withoutUsualFlags().flags("--config=" + configuration()).start();
    assertEquals(2, refused.awaitExit());
    assertEquals(2, refused.lines().size(), refused.said());
  }

  @Claim("24k")
  @Test
  void flagsOfOneAgentAreRefusedBesideTheFile() {
    ContractAgent refused =
        stage
            .launch()
            .withoutUsualFlags()
            .flags("--config=" + configuration(), "--agentid=module/a1")
            .start();
    assertEquals(2, refused.awaitExit());
    refused.awaitLine("--agentid and --config cannot be given together");
  }
}
