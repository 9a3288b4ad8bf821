package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24: steps of other users' agents run as these users. */
class RunAsIT {
  private static final String CHANNEL = "cluster/event/user-created";

  @RegisterExtension final Stage stage = new Stage();
  private Node node;

  @BeforeEach
  void makeNode() {
    String missing = Node.missing();
    assumeTrue(missing.isEmpty(), missing);
    node = new Node(stage);
  }

  private String who(String name) {
    int uid = node.uid(name);
    // Sorted: what getgrouplist returns has no order.
    int[] groups = {uid, Node.SHARED_GROUP};
    Arrays.sort(groups);
    return "%d %d %d %d".formatted(uid, uid, groups[0], groups[1]);
  }

  private void tellsWho(Path module, String name) {
    node.step(
        module,
        "user-created",
        "seen \"%s $(id -u) $(id -g) $(id -G | tr ' ' '\\n' | sort -n | xargs)\"".formatted(name));
  }

  @Claim("24u")
  @Test
  void stepsRunAsTheUserOfTheirAgentWithItsGroups() {
    for (String name : List.of("mail1", "web1")) {
      tellsWho(node.rootless(name, ""), name);
    }
    tellsWho(node.rootfull("samba1", ""), "samba1");
    Path events = stage.directory("mine");
    stage.script(
        events.resolve("user-created/10take"),
        "seen \"mine $(id -u) $(id -g) $(id -G | tr ' ' '\\n' | sort -n | xargs) $HOME $(pwd)\"");
    Path configuration = stage.directory("agents");
    Path state = node.home("web1").resolve(".config/state");
    Stage.write(
        configuration.resolve("a.json"),
        """
        {"agents": [{"id": "module/mine1", "events-directories": ["%s"], "user": "web1",
          "state-directory": "%s"}]}
        """
            .formatted(events, state));
    ContractAgent agent = node.launch().flags("--config=" + configuration).subscribed();

    stage.redis().publish(CHANNEL, "{}");

    assertEquals(
        List.of(
            "mail1 " + who("mail1"),
            "mine " + who("web1") + " " + node.home("web1") + " " + state,
            "samba1 0 0 " + Shell.run("id -G | tr ' ' '\\n' | sort -n | xargs").strip(),
            "web1 " + who("web1")),
        stage.awaitSeen(4).stream().sorted().toList(),
        agent::said);
  }

  @Claim("24u")
  @Test
  void rightsOfRootAreGoneForGood() {
    Path secret = stage.root().resolve("secret");
    Stage.write(secret, "known-to-root-alone\n");
    Shell.run("chmod 600 '" + secret + "'");
    Path module = node.rootless("mail1", "");
    node.rootless("web1", "");
    node.step(
        module,
        "user-created",
        "cat '" + secret + "' && seen read",
        "ls '" + node.home("web1") + "' && seen listed",
        "kill -0 $PPID && seen signalled",
        "grep -E '^(Uid|Gid):' /proc/self/status | while read -r _ a b c d; do",
        "  seen \"$a $b $c $d\"; done",
        "grep -E '^Cap(Inh|Prm|Eff|Amb):' /proc/self/status | while read -r _ c; do",
        "  seen \"$c\"; done");
    ContractAgent agent = node.launch().subscribed();

    stage.redis().publish(CHANNEL, "{}");

    String ids = String.join(" ", Collections.nCopies(4, "" + node.uid("mail1")));
    String none = "0000000000000000";
    assertEquals(List.of(ids, ids, none, none, none, none), stage.awaitSeen(6), agent::said);
    assertTrue(agent.stepLines().stream().noneMatch(line -> line.contains("known-to-root")));
  }

  @Claim("24u")
  @Test
  void stepsOfRootAndOfTheUserAreTrustedAndNobodyElses() {
    Path module = node.rootless("mail1", "");
    node.rootless("web1", "");
    for (String step : List.of("10own", "20root", "30other")) {
      stage.script(module.resolve("events/user-created/" + step), "seen " + step);
    }
    node.own("mail1");
    Shell.run(
        "cd '%s/events/user-created' && chown root 20root && chown %d 30other"
            .formatted(module, node.uid("web1")));
    ContractAgent agent = node.launch().subscribed();

    stage.redis().publish(CHANNEL, "{}");

    agent.awaitLine("skipped step 30other: ");
    assertEquals(List.of("10own", "20root"), stage.awaitSeen(2), agent::said);
  }
}
