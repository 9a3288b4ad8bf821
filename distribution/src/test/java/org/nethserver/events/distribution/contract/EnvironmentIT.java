package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 13: the environment of a step. */
class EnvironmentIT {
  private static final String CHANNEL = "module/env1/event/environment-asked";

  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;
  private static final Map<String, String> OWN =
      Map.of(
          "OWN", "of the agent",
          "BOTH", "of the agent",
          "AGENT_COMFD", "99",
          "AGENT_EVENT_SOURCE", "of the agent",
          "MANY", "a=b \"c\" 'd' $e");

  @BeforeAll
  static void startAgent() {
    Launch launch = stage.launch();
    OWN.forEach(launch::variable);
    agent = launch.subscribed();
  }

  @BeforeEach
  void clearFile() {
    lines("");
    // The environment that exec gave, not the one that the shell made of it.
    stage.step("environment-asked", "10save", "note payload", "cat /proc/$$/environ | note save");
  }

  private static void lines(String text) {
    Stage.write(stage.state().resolve("environment"), text);
  }

  /** Runs the event and returns the variables of its step. */
  private static Map<String, String> asked() {
    agent.run(CHANNEL, "{}");
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : new String(stage.notedBytes("save"), ISO_8859_1).split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals >= 0) {
        String before = variables.put(entry.substring(0, equals), entry.substring(equals + 1));
        assertEquals(null, before, () -> "twice: " + entry);
      }
    }
    return variables;
  }

  @Claim("13a")
  @Test
  void agentsOwnVariablesAreInherited() {
    Map<String, String> variables = asked();

    assertEquals("of the agent", variables.get("OWN"));
    assertEquals("a=b \"c\" 'd' $e", variables.get("MANY"));
  }

  @Claim("13b")
  @Test
  void fileWinsOverTheAgentsOwn() {
    lines("BOTH=of the file\nMORE=of the file\n");

    Map<String, String> variables = asked();

    assertEquals("of the file", variables.get("BOTH"));
    assertEquals("of the file", variables.get("MORE"));
    assertEquals("of the agent", variables.get("OWN"));
  }

  @Claim({"13c", "13d"})
  @Test
  void whatTheAgentSetsWinsOverAll() {
    lines(
        "AGENT_COMFD=7\nAGENT_EVENT_NAME=x\nAGENT_EVENT_SOURCE=y\nAGENT_EVENT_ID=z\n"
            + "AGENT_EVENT_TIME=t\nAGENT_STEP_RUN=r\n");

    Map<String, String> variables = asked();

    assertEquals("2", variables.get("AGENT_COMFD"));
    assertEquals("environment-asked", variables.get("AGENT_EVENT_NAME"));
    assertEquals("module/env1", variables.get("AGENT_EVENT_SOURCE"));
    assertFalse(Set.of("x", "y", "z", "t", "r").contains(variables.get("AGENT_EVENT_ID")));
    assertFalse(variables.get("AGENT_EVENT_TIME").equals("t"));
    assertFalse(variables.get("AGENT_STEP_RUN").equals("r"));
  }

  @Claim({"13e", "13g"})
  @Test
  void eventIdIsOneAnEventAndStepRunOneAStart() {
    stage.step("ids-asked", "10tell", "seen \"$AGENT_EVENT_ID $AGENT_STEP_RUN\"");
    stage.step("ids-asked", "20tell", "seen \"$AGENT_EVENT_ID $AGENT_STEP_RUN\"");
    ContractAgent other = stage.launch().id("module/other1").subscribed();

    for (int i = 0; i < 3; i++) {
      agent.run("cluster/event/ids-asked", "{}");
      other.awaitLines("ids-asked exited", i + 1);
    }

    List<String[]> seen = stage.seen().stream().map(line -> line.split(" ", -1)).toList();
    assertEquals(12, seen.size());
    Set<String> events = new HashSet<>();
    Set<String> runs = new HashSet<>();
    seen.forEach(
        ids -> {
          assertTrue(ids[0].length() >= 8 && ids[1].length() >= 8, () -> String.join(" ", ids));
          events.add(ids[0]);
          runs.add(ids[1]);
        });
    assertEquals(12, runs.size());
    // Two agents, three events, two steps each: an event's steps share its id.
    assertTrue(events.size() == 3 || events.size() == 6, events::toString);
    for (String event : events) {
      long steps = seen.stream().filter(ids -> ids[0].equals(event)).count();
      assertEquals(12 / events.size(), steps, event);
    }
  }

  @Claim("13o")
  @Test
  void deliveryIsTheFirst() {
    stage.step("time-asked", "10tell", "seen \"$AGENT_EVENT_DELIVERY\"");
    stage.redis().publish("cluster/event/time-asked", "{}");
    assertEquals(List.of("1"), stage.awaitSeen(1));
  }

  @Claim("13f")
  @Test
  void eventTimeIsTheTimeOfReceptionInRfc3339() {
    Gate gate = stage.gate("gate");
    stage.step("time-asked", "10tell", "seen \"$AGENT_EVENT_TIME\"", gate.pass());
    Instant before = Instant.now().minusMillis(1);
    stage.redis().publish("cluster/event/time-asked", "first");
    stage.redis().publish("cluster/event/time-asked", "second");
    stage.awaitSeen(1);
    // The second event was received before this, and runs after it.
    agent.run(CHANNEL, "{}");
    Instant received = Instant.now();
    gate.open();

    for (String time : stage.awaitSeen(2)) {
      assertTrue(
          time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)"),
          time);
      Instant event = OffsetDateTime.parse(time).toInstant();
      assertTrue(!event.isBefore(before) && !event.isAfter(received), time);
    }
    agent.awaitLines("time-asked exited", 2);
  }

  @Claim("13h")
  @Test
  void nothingElseIsAdded() {
    lines("MORE=of the file\n");
    Set<String> wanted = new TreeSet<>(OWN.keySet());
    wanted.addAll(
        List.of(
            "MORE",
            "PATH",
            "REDIS_ADDRESS",
            "CONTRACT_TEST",
            "AGENT_COMFD",
            "AGENT_EVENT_NAME",
            "AGENT_EVENT_SOURCE",
            "AGENT_EVENT_ID",
            "AGENT_EVENT_DELIVERY",
            "AGENT_EVENT_TIME",
            "AGENT_STEP_RUN"));

    Set<String> names = new TreeSet<>(asked().keySet());

    names.removeAll(Set.of("PWD", "OLDPWD", "SHLVL", "_"));
    assertEquals(wanted, names);
  }

  @Claim("13i")
  @Test
  void fileIsReadOnceAnEvent() {
    lines("STAGE=first\n");
    stage.step("file-changed", "10change", "seen \"$STAGE\"; echo STAGE=second > environment");
    stage.step("file-changed", "20tell", "seen \"$STAGE\"");

    agent.run("cluster/event/file-changed", "{}");
    agent.run("cluster/event/file-changed", "{}");

    assertEquals(List.of("first", "first", "second", "second"), stage.seen());
  }

  @Claim({"13j", "13k", "13l", "13m"})
  @Test
  void linesAreRaw() {
    lines(
        "TWICE=one\nQUOTED=\"a b\" 'c'\nEQUALS=a=b==\n  SPACED = x \nEMPTY=\n#a=b\nno variable\n"
            + "export E=1\nDOLLAR=$HOME `id` \\n\nCARRIAGE=x\r\n\nTWICE=two\n=nameless\nLAST=line");

    Map<String, String> variables = asked();

    assertEquals("two", variables.get("TWICE"));
    assertEquals("\"a b\" 'c'", variables.get("QUOTED"));
    assertEquals("a=b==", variables.get("EQUALS"));
    assertEquals(" x ", variables.get("  SPACED "));
    assertEquals("", variables.get("EMPTY"));
    assertEquals("b", variables.get("#a"));
    assertEquals("1", variables.get("export E"));
    assertEquals("$HOME `id` \\n", variables.get("DOLLAR"));
    assertEquals("x\r", variables.get("CARRIAGE"));
    assertEquals("line", variables.get("LAST"));
    assertTrue(variables.keySet().stream().noneMatch(name -> name.contains("no variable")));
  }

  @Claim("13k")
  @Test
  void valuesThatAreNoUtf8StayAsTheyAre() throws IOException {
    Files.write(stage.state().resolve("environment"), "RAW=\377\376\351\n".getBytes(ISO_8859_1));

    assertEquals("\377\376\351", asked().get("RAW"));
  }

  @Claim("13n")
  @Test
  void missingFileIsOneErrorLineAndTheRunGoesOn() throws IOException {
    Files.delete(stage.state().resolve("environment"));
    stage.step("environment-asked", "20next", "seen next");
    int before = agent.lines("./environment").size();

    Map<String, String> variables = asked();

    assertEquals("of the agent", variables.get("OWN"));
    assertEquals("environment-asked", variables.get("AGENT_EVENT_NAME"));
    assertEquals(List.of("next"), stage.seen());
    List<String> lines = agent.lines("./environment");
    assertEquals(before + 1, lines.size(), agent::said);
    assertTrue(lines.getLast().startsWith("<3>"), lines::getLast);
    Files.delete(stage.events().resolve("environment-asked/20next"));
  }
}
