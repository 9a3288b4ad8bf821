package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points 21 and 22 under systemd: what the journal holds. */
class JournalIT {
  private static final int KIBIBYTE = 1024;

  @RegisterExtension static final Stage stage = new Stage();
  private static Journal journal;
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    String missing = Journal.missing();
    assumeTrue(missing.isEmpty(), missing);
    journal = stage.keep(new Journal());
    agent =
        stage.launch().id("module/journal1").under(journal.asService(stage.state())).subscribed();
  }

  private static List<String> ended(String event) {
    stage.redis().publish("node/3/event/" + event, "{}");
    Await.until(
        "end of " + event,
        () ->
            journal.entries("AGENT_EVENT_NAME=" + event).stream()
                .anyMatch(
                    entry -> Journal.field(entry, "MESSAGE").contains(" exited with status ")));
    return journal.entries("AGENT_EVENT_NAME=" + event);
  }

  @Claim({"21f", "21a", "21b"})
  @Test
  void linesCarryFields() {
    stage.step(
        "user-added",
        "10tell",
        "seen \"$AGENT_EVENT_ID $AGENT_STEP_RUN\"",
        "echo on stdout",
        "echo on stderr >&2");

    ended("user-added");

    String[] ids = stage.awaitSeen(1).getFirst().split(" ", -1);
    for (String stream : List.of("stdout", "stderr")) {
      String entry =
          journal.await(1, "AGENT_EVENT_NAME=user-added", "AGENT_STREAM=" + stream).getFirst();
      Map.of(
              "MESSAGE", "on " + stream,
              "AGENT_ID", "module/journal1",
              "AGENT_EVENT_ID", ids[0],
              "AGENT_EVENT_NAME", "user-added",
              "AGENT_EVENT_SOURCE", "node/3",
              "AGENT_STEP", "10tell",
              "AGENT_STEP_RUN", ids[1],
              "PRIORITY", "6")
          .forEach((name, value) -> assertEquals(value, Journal.field(entry, name), name));
    }
    assertEquals(List.of(), agent.stepLines());
  }

  @Claim("21g")
  @Test
  void leadingPrioritySetsThatOfTheEntry() {
    stage.step(
        "priorities-tried",
        "10speak",
        "for p in 0 1 2 3 4 5 6 7; do echo \"<$p>at $p\"; done",
        "echo '<8>eight'; echo ' <3>blank'; echo '<>none'");

    ended("priorities-tried");

    List<String> said =
        journal.await(11, "AGENT_EVENT_NAME=priorities-tried", "AGENT_STREAM=stdout").stream()
            .map(entry -> Journal.field(entry, "PRIORITY") + " " + Journal.field(entry, "MESSAGE"))
            .toList();
    assertEquals(
        List.of(
            "0 at 0",
            "1 at 1",
            "2 at 2",
            "3 at 3",
            "4 at 4",
            "5 at 5",
            "6 at 6",
            "7 at 7",
            "6 <8>eight",
            "6  <3>blank",
            "6 <>none"),
        said);
  }

  @Claim({"21a", "21i"})
  @Test
  void longLineIsCutAndSaysSo() {
    stage.step(
        "line-stretched",
        "10speak",
        "head -c " + 48 * KIBIBYTE + " /dev/zero | tr '\\0' a; echo",
        "head -c " + 50 * KIBIBYTE + " /dev/zero | tr '\\0' b; echo",
        "echo after");

    ended("line-stretched");

    List<String> said =
        journal.await(3, "AGENT_EVENT_NAME=line-stretched", "AGENT_STREAM=stdout").stream()
            .map(entry -> Journal.field(entry, "MESSAGE"))
            .toList();
    assertEquals(3, said.size());
    assertEquals("a".repeat(48 * KIBIBYTE), said.get(0));
    assertTrue(said.get(1).startsWith("b".repeat(48 * KIBIBYTE)));
    assertTrue(said.get(1).matches("(?s)b+.*cut.*"), "the cut is not said");
    assertTrue(said.get(1).length() < 48 * KIBIBYTE + 200, "the line is not cut");
    assertEquals("after", said.get(2));
  }

  @Claim("21j")
  @Test
  void strangeBytesAreKept() {
    String bytes = "\u00ff\u00fe \u001b[31mred\u0007 PRIORITY=0";
    stage.step(
        "noise-made",
        "10speak",
        "echo before; printf '\\377\\376 \\033[31mred\\007 PRIORITY=0\\n'; echo after");

    ended("noise-made");

    List<String> said = journal.await(3, "AGENT_EVENT_NAME=noise-made", "AGENT_STREAM=stdout");
    // Journalctl writes a field that is no text as a list of its bytes.
    StringJoiner numbers = new StringJoiner(",", "\"MESSAGE\":[", "]");
    for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
      numbers.add("" + (b & 0xff));
    }
    assertTrue(said.get(1).replace(" ", "").contains(numbers.toString()), () -> said.get(1));
    assertEquals("before", Journal.field(said.get(0), "MESSAGE"));
    assertEquals("after", Journal.field(said.get(2), "MESSAGE"));
    assertTrue(said.stream().allMatch(entry -> Journal.field(entry, "PRIORITY").equals("6")));
  }

  @Claim({"22g", "22a", "22b", "22e"})
  @Test
  void linesOfTheAgentHaveTheirPriorityAsAField() {
    stage.rawScript(stage.events().resolve("run-told/10bad"), "no program");
    stage.step("run-told", "20run", ":");

    List<String> entries = ended("run-told");

    String handler = "Handler of node/3/event/run-told ";
    assertTrue(said(entries, "4", handler + "skipped step 10bad: "), entries::toString);
    assertTrue(said(entries, "7", handler + "is starting step 20run"), entries::toString);
    assertTrue(
        said(entries, "6", handler + "exited with status \"completed\" (0) at step 20run"),
        entries::toString);
    assertFalse(
        entries.stream().anyMatch(entry -> Journal.field(entry, "MESSAGE").startsWith("<")),
        entries::toString);
  }

  private static boolean said(List<String> entries, String priority, String message) {
    return entries.stream()
        .anyMatch(
            entry ->
                Journal.field(entry, "MESSAGE").startsWith(message)
                    && Journal.field(entry, "PRIORITY").equals(priority));
  }
}
