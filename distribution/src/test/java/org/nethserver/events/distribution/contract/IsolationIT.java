package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24: what is one agent's trouble delays no other. Each trouble is real, and goes on. */
class IsolationIT {
  private static final List<String> HEALTHY = List.of("good1", "good2", "good3", "good4");
  private static final int EVENTS = 25;

  /** For one event, from PUBLISH to the last of its steps, on a machine that does more. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @RegisterExtension final Stage stage = new Stage();
  private Node node;

  @BeforeEach
  void makeNode() {
    String missing = Node.missing();
    assumeTrue(missing.isEmpty(), missing);
    node = new Node(stage);
    for (String name : HEALTHY) {
      node.step(node.rootless(name, ""), "tick", "read -r n; seen \"" + name + " $n\"");
    }
  }

  /** Publishes events one after the other, each of which must be done by all in time. */
  private void othersAreInTime(ContractAgent agent) {
    List<Duration> times = new ArrayList<>();
    for (int event = 1; event <= EVENTS; event++) {
      int expected = event * HEALTHY.size();
      long begin = System.nanoTime();
      stage.redis().publish("cluster/event/tick", event + "\n");
      Await.until(
          "event " + event + " at all other agents",
          LIMIT,
          () -> stage.seen().size() >= expected,
          agent::said);
      times.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    System.out.println(
        "slowest of " + EVENTS + ": " + times.stream().max(Comparator.naturalOrder()));
    agent.awaitLines(
        "Handler of cluster/event/tick exited with status \"completed\"", EVENTS * HEALTHY.size());
    Map<String, List<String>> byAgent =
        stage.seen().stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.substring(0, line.indexOf(' ')),
                    Collectors.mapping(
                        line -> line.substring(line.indexOf(' ') + 1), Collectors.toList())));
    List<String> inOrder = new ArrayList<>();
    for (int event = 1; event <= EVENTS; event++) {
      inOrder.add("" + event);
    }
    for (String name : HEALTHY) {
      assertEquals(inOrder, byAgent.get(name), name);
    }
    assertTrue(
        agent.lines("rejected!").stream().allMatch(line -> line.contains("agent@bad1: ")),
        agent::said);
  }

  @Claim("24e")
  @Test
  void slowHandlersOnManyChannels() {
    Gate gate = stage.gate("gate");
    node.step(node.rootless("bad1", ""), "flood", gate.pass());
    ContractAgent agent = node.launchTrusting().flags("--max-concurrency=16").subscribed();
    for (int channel = 0; channel < 40; channel++) {
      stage.redis().publish("module/x" + channel + "/event/flood", "{}");
    }
    agent.awaitLine("agent@bad1: Handler of module/x0/event/flood is starting");

    othersAreInTime(agent);

    gate.open();
  }

  @Claim("24e")
  @Test
  void floodOfEvents() {
    Gate gate = stage.gate("gate");
    node.step(node.rootless("bad1", ""), "flood", gate.pass());
    ContractAgent agent =
        node.launchTrusting().flags("--max-concurrency=16", "--queue-events=500").subscribed();
    for (int channel = 0; channel < 20; channel++) {
      stage.redis().publishMany("module/x" + channel + "/event/flood", 250, i -> new byte[100]);
    }
    agent.awaitLine("<3>agent@bad1: Agent is busy.");

    othersAreInTime(agent);

    gate.open();
  }

  @Claim("24w")
  @Test
  void floodOfOutput() {
    int lines = 25_000;
    node.step(
        node.rootless("bad1", ""),
        "flood",
        "seq " + lines + " | sed 's/^/flood /'",
        "head -c 3000000 /dev/zero");
    ContractAgent agent = node.launchTrusting().subscribed();
    for (int channel = 0; channel < 4; channel++) {
      stage.redis().publish("module/x" + channel + "/event/flood", "{}");
    }
    agent.awaitStepLines(1, line -> line.startsWith("agent@bad1: flood "));

    othersAreInTime(agent);

    agent.awaitLines("/event/flood exited with status \"completed\"", 4);
    assertEquals(
        4L * lines,
        agent.awaitStepLines(4 * lines, line -> line.startsWith("agent@bad1: flood ")).size());
  }

  @Claim("24w")
  @Test
  void fullDisk() {
    Path module = node.rootless("bad1", "");
    Path state = module.resolve("state");
    int uid = node.uid("bad1");
    node.mount(
        "mount -t tmpfs -o size=64k,mode=700,uid=%2$d,gid=%2$d none '%1$s'".formatted(state, uid));
    node.mount("echo A=b > '%1$s/environment' && touch '%1$s/agent.env'".formatted(state));
    node.mount("chown %2$d '%1$s/environment' '%1$s/agent.env'".formatted(state, uid));
    node.mount("{ head -c 1000000 /dev/zero > '%s/full' 2> /dev/null || true; }".formatted(state));
    node.mount("chown %2$d '%1$s/full'".formatted(state, uid));
    node.step(module, "tick", "echo more >> full || exit 9");
    ContractAgent agent = node.launchTrusting().subscribed();

    othersAreInTime(agent);

    agent.awaitLines(
        "agent@bad1: Handler of cluster/event/tick exited with status \"aborted\" (9)", EVENTS);
  }

  @Claim({"24f", "24w"})
  @Test
  void badPluginsAndAReloadAmidEvents() {
    Path module = node.rootfull("bad1", "");
    node.step(module, "tick", ":");
    Shell.run("mkdir '%1$s/plugins' && echo x > '%1$s/plugins/bad.jar'".formatted(module));
    ContractAgent agent = node.launchTrusting().subscribed();
    agent.awaitLine("<3>agent@bad1: Plugin \"bad\" in ");
    agent.signal("HUP");

    othersAreInTime(agent);

    agent.awaitLine("Signal SIGHUP caught: no agent has changed");
    agent.awaitLines("agent@bad1: Handler of cluster/event/tick exited with", EVENTS);
  }
}
