package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24: the agents of a NethServer 8 node. */
class DiscoveryIT {
  private static final String CHANNEL = "cluster/event/user-created";

  @RegisterExtension final Stage stage = new Stage();
  private Node node;

  @BeforeEach
  void makeNode() {
    String missing = Node.missing();
    assumeTrue(missing.isEmpty(), missing);
    node = new Node(stage);
  }

  private void takes(Path module) {
    node.step(module, "user-created", "seen \"$AGENT_ID $IMAGE_URL $(pwd)\"");
  }

  private void publish() {
    stage.redis().publish(CHANNEL, "{}");
  }

  @Claim({"24l", "24c"})
  @Test
  void modulesOfTheNodeAreHostedByTheirDirectories() {
    Path traefik = node.rootless("traefik1", "REDIS_USER=module/traefik1\n");
    Path samba = node.rootfull("samba1", "");
    Path cluster = node.rootfull("cluster", "AGENT_ID=cluster\n");
    Path self = node.rootfull("node", "AGENT_ID=node/7\n");
    List.of(traefik, samba, cluster, self).forEach(this::takes);
    ContractAgent agent = node.launchTrusting().subscribed();

    publish();

    assertEquals(
        Stream.of(
                "cluster of-nethserver " + cluster + "/state",
                "module/samba1 of-nethserver " + samba + "/state",
                "module/traefik1 of-traefik1 " + traefik + "/state",
                "node/7 of-nethserver " + self + "/state")
            .sorted()
            .toList(),
        stage.awaitSeen(4).stream().sorted().toList());
    agent.awaitLine("Hosting 4 agents of the node below " + node.root());
    agent.awaitLine("agent@traefik1: Handler of " + CHANNEL + " exited with status \"completed\"");
    agent.awaitLine("agent@node: Handler of " + CHANNEL + " exited with status \"completed\"");
  }

  @Claim({"24m", "24n"})
  @Test
  void modulesComeChangeAndGoWithoutASignal() {
    Path stays = node.rootless("stays1", "");
    Path goes = node.rootfull("goes1", "");
    Path changes = node.rootless("changes1", "MINE=before\n");
    node.user("comes1");
    Gate gate = stage.gate("gate");
    node.step(stays, "order-placed", "read -r n; seen \"stays $n\"", gate.pass());
    node.step(goes, "order-placed", "read -r n; seen \"goes $n\"", gate.pass());
    node.step(changes, "order-placed", "read -r n; seen \"$MINE $n\"", gate.pass());
    ContractAgent agent = node.launchTrusting().subscribed();
    stage.redis().publish("cluster/event/order-placed", "1\n");
    stage.awaitSeen(3);

    Stage.write(changes.resolve("state/agent.env"), "MINE=after\n");
    agent.awaitLine("Agent module/changes1 changed");
    Shell.run("rm -r '" + goes + "'");
    agent.awaitLine("Agent module/goes1 removed");
    // Half made, it is waited for without a word.
    Shell.run("mkdir -p '" + node.home("comes1") + "/.config/state'");
    Path comes = node.rootless("comes1", "");
    node.step(comes, "order-placed", "read -r n; seen \"comes $n\"");
    agent.awaitLine("Agent module/comes1 added");
    stage.redis().publish("cluster/event/order-placed", "2\n");
    gate.open();

    assertEquals(
        List.of("after 2", "before 1", "comes 2", "goes 1", "stays 1", "stays 2"),
        stage.awaitSeen(6).stream().sorted().toList());
    agent.awaitLines("exited with status \"completed\"", 6);
    assertEquals(1, agent.lines("Agent module/comes1").size(), agent::said);
    assertEquals(List.of(), agent.lines("module/stays1"), "it is no different");
    assertEquals(List.of(), agent.lines("not hosted"));
  }

  @Claim("24o")
  @Test
  void modulePosesAsNoOther() {
    takes(node.rootfull("cluster", "AGENT_ID=cluster\n"));
    takes(node.rootless("evil1", "AGENT_ID=cluster\n"));
    takes(node.rootless("evil2", "AGENT_ID=module/good1\n"));
    takes(node.rootless("good1", ""));
    // A name of root's, and a directory that is not its user's.
    takes(node.rootless("node", "AGENT_ID=node/7\n"));
    node.user("stranger1");
    takes(node.rootless("evil3", ""));
    Shell.run("chown -hR %d '%s'".formatted(node.uid("stranger1"), node.home("evil3")));
    ContractAgent agent = node.launchTrusting().subscribed();

    agent.awaitLine("evil1/.config is not hosted: state/agent.env says AGENT_ID=\"cluster\"");
    agent.awaitLine("evil2/.config is not hosted: state/agent.env says AGENT_ID=\"module/good1\"");
    agent.awaitLine("evil3/.config is not hosted: ");
    publish();
    stage.awaitSeen(2);
    agent.awaitLines("exited with status \"completed\"", 2);
    assertEquals(
        List.of("cluster", "module/good1"),
        stage.seen().stream().map(line -> line.substring(0, line.indexOf(' '))).sorted().toList());
  }

  @Claim("24p")
  @Test
  void filesWinOverWhatIsFound() {
    takes(node.rootless("traefik1", ""));
    takes(node.rootless("mail1", ""));
    Path events = stage.directory("mine");
    stage.script(events.resolve("user-created/10take"), "seen mine");
    Path configuration = stage.directory("agents");
    Stage.write(
        configuration.resolve("a.json"),
        """
        {"agents": [{"id": "module/mail1", "events-directories": ["%s"],
          "state-directory": "%s"}]}
        """
            .formatted(events, stage.state()));
    ContractAgent agent = node.launchTrusting().flags("--config=" + configuration).subscribed();

    publish();

    assertTrue(stage.awaitSeen(2).contains("mine"), agent::said);
    agent.awaitLines("exited with status \"completed\"", 2);
    assertEquals(2, stage.seen().size(), agent::said);
  }

  @Claim({"24q", "24c"})
  @Test
  void variablesAreThoseOfAnOwnUnitAndNoneOfTheHostOrAnother() throws Exception {
    Path mail =
        node.rootless(
            "mail1",
            "REDIS_USER=module/mail1\nREDIS_PASSWORD=of-mail\nPATH=/opt/mail:/usr/bin:/bin\n");
    Path samba = node.rootfull("samba1", "REDIS_PASSWORD=of-samba\n");
    node.step(mail, "user-created", "/bin/cat /proc/$$/environ | note mail; seen done");
    node.step(samba, "user-created", "/bin/cat /proc/$$/environ | note samba; seen done");
    ContractAgent agent =
        node.launchTrusting()
            .variable("LANG", "C.UTF-8")
            .variable("REDIS_PASSWORD", "of-root")
            .variable("CREDENTIALS_DIRECTORY", "/run/credentials/x")
            .variable("INVOCATION_ID", "0123")
            .variable("AGENT_TASK_ID", "1")
            .subscribed();

    publish();
    stage.awaitSeen(2);

    assertEquals(
        Map.of(
            "AGENT_ID", "module/mail1",
            "AGENT_INSTALL_DIR", mail.toString(),
            "AGENT_STATE_DIR", mail + "/state",
            "REDIS_ADDRESS", "cluster-leader:6379",
            "REDIS_USER", "module/mail1",
            "REDIS_PASSWORD", "of-mail",
            "SHARED", "of-all",
            "IMAGE_URL", "of-mail1",
            "PATH", "/opt/mail:/usr/bin:/bin",
            "LANG", "C.UTF-8"),
        without(variables("mail"), "HOME", "LOGNAME", "USER", "SHELL", "XDG_RUNTIME_DIR"));
    Map<String, String> ofUser = variables("mail");
    assertEquals(node.home("mail1").toString(), ofUser.get("HOME"));
    assertEquals("mail1", ofUser.get("USER"));
    assertEquals("mail1", ofUser.get("LOGNAME"));
    assertEquals("/bin/bash", ofUser.get("SHELL"));
    assertEquals("/run/user/" + node.uid("mail1"), ofUser.get("XDG_RUNTIME_DIR"));
    assertEquals(
        Map.of(
            "AGENT_ID", "module/samba1",
            "AGENT_INSTALL_DIR", samba.toString(),
            "AGENT_STATE_DIR", samba + "/state",
            "REDIS_ADDRESS", "cluster-leader:6379",
            "REDIS_PASSWORD", "of-samba",
            "SHARED", "of-all",
            "IMAGE_URL", "of-nethserver",
            "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG", "C.UTF-8"),
        variables("samba"));
    assertFalse(agent.said().contains("of-mail"), "a secret is logged");
  }

  /** Returns what a step had, but for what every event brings. */
  private Map<String, String> variables(String note) {
    Map<String, String> variables =
        Stream.of(stage.noted(note).split("\0"))
            .filter(entry -> !entry.startsWith("AGENT_EVENT_"))
            .collect(
                Collectors.toMap(
                    entry -> entry.substring(0, entry.indexOf('=')),
                    entry -> entry.substring(entry.indexOf('=') + 1),
                    (_, last) -> last,
                    TreeMap::new));
    return without(variables, "AGENT_COMFD", "AGENT_STEP_RUN");
  }

  private static Map<String, String> without(Map<String, String> variables, String... names) {
    Map<String, String> others = new TreeMap<>(variables);
    others.keySet().removeAll(List.of(names));
    return others;
  }

  @Claim({"24r", "24s"})
  @Test
  void trapsInDirectoriesOfModulesCatchNobody() throws Exception {
    String secret = "SECRET=known-to-root-alone";
    Path file = stage.root().resolve("secret");
    Stage.write(file, secret + "\n");
    Shell.run("chmod 600 '" + file + "'");
    Map<String, String> traps =
        Map.of(
            "link1", "ln -s '" + file + "' %1$s",
            "shadow1", "ln -s /etc/shadow %1$s",
            "name1", "ln '" + file + "' %1$s",
            "fifo1", "mkfifo %1$s",
            "large1", "truncate -s 10G %1$s",
            "other1", "echo X=y > %1$s && chown 12345 %1$s",
            "device1", "ln -s /dev/zero %1$s");
    traps.forEach(
        (name, trap) -> {
          Path module = node.rootless(name, "");
          node.step(module, "user-created", "cat /proc/$$/environ; seen " + name);
          trap(module.resolve("state/environment"), trap, name);
        });
    // What is read at the start is the same to root.
    traps.forEach(
        (name, trap) -> {
          Path module = node.rootless("early" + name, "");
          trap(module.resolve("state/agent.env"), trap, "early" + name);
        });
    Path swapped = node.rootless("swapped1", "");
    Shell.run(
        "mkdir '%1$s/root' && cp '%2$s' '%1$s/root/environment' && cp '%2$s' '%1$s/root/agent.env'"
            .formatted(stage.root(), file));
    Shell.run(
        "rm -r '%1$s/state' && ln -s '%2$s/root' '%1$s/state'".formatted(swapped, stage.root()));
    takes(node.rootless("good1", ""));
    ContractAgent agent = node.launchTrusting().subscribed();

    publish();

    // The traps cost their own module its variables, and nobody else anything.
    assertEquals(traps.size() + 1, stage.awaitSeen(traps.size() + 1).size());
    agent.awaitLines("exited with status \"completed\"", traps.size() + 1);
    for (String name : traps.keySet()) {
      agent.awaitLine("<3>agent@" + name + ": Cannot read ./environment file: " + node.home(name));
      agent.awaitLine("early" + name + "/.config is not hosted: " + node.home("early" + name));
    }
    agent.awaitLine("swapped1/.config is not hosted: " + swapped);
    String said =
        String.join("\n", agent.lines()) + String.join("\n", agent.stepLines()) + stage.seen();
    assertFalse(said.contains("known-to-root-alone"), "the secret has come out");
    for (String line : Files.readAllLines(Path.of("/etc/shadow"))) {
      assertFalse(said.contains(line), "a line of /etc/shadow has come out");
    }
  }

  private void trap(Path path, String trap, String user) {
    Shell.run("rm -f '%s'".formatted(path));
    boolean foreign = trap.contains("chown") || trap.startsWith("ln '");
    Shell.run(
        trap.formatted("'" + path + "'")
            + (foreign ? "" : " && chown -h %d '%s'".formatted(node.uid(user), path)));
  }

  @Claim("24s")
  @Test
  void nothingIsWrittenIntoDirectoriesOfModules() {
    Path victim = stage.directory("victim");
    Path module = node.rootless("evil1", "");
    takes(module);
    Path states = stage.directory("states");
    Shell.run("chmod 700 '%1$s' && ln -s '%2$s' '%1$s/module+evil1'".formatted(states, victim));
    // As if an agent that was killed had left copies of plugins there.
    Path temporary = stage.directory("run");
    Path copies = temporary.resolve("events-plugins-1-1-x");
    Shell.run(
        "chmod 1777 '%1$s' && ln -s '%2$s' '%3$s' && chown -h %4$d '%3$s' && touch '%2$s/precious'"
            .formatted(temporary, victim, copies, node.uid("evil1")));
    String before = listing(module);
    ContractAgent agent =
        node.launchTrusting()
            .flags("--state-directory=" + states)
            .variable("RUNTIME_DIRECTORY", temporary.toString())
            .subscribed();
    agent.awaitLine(states + "/module+evil1 is no directory; take it away");

    publish();
    stage.awaitSeen(1);
    agent.awaitLines("exited with status \"completed\"", 1);

    assertEquals(before, listing(module), "files in the module's directories");
    assertEquals(List.of("precious"), List.of(victim.toFile().list()));
    Shell.run("test -h '" + copies + "'");
  }

  private static String listing(Path directory) {
    return Shell.run("find '%s' -printf '%%p %%T@ %%s %%u\\n' | sort".formatted(directory));
  }

  @Claim("24k")
  @Test
  void flagsOfOneAgentAreRefusedBesideDiscovery() {
    ContractAgent refused =
        stage.launch().withoutUsualFlags().flags("--discover", "--agentid=module/a1").start();
    assertEquals(2, refused.awaitExit());
    refused.awaitLine("--agentid and --discover cannot be given together");
  }
}
