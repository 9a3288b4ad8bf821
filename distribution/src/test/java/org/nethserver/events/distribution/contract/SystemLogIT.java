package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points 21 and 22 without systemd: plain lines. */
class SystemLogIT {
  private static final int KIBIBYTE = 1024;

  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    agent = stage.agent();
  }

  /** Runs an event and returns the lines that its steps wrote, all of which begin as given. */
  private static List<String> written(String event, int count, String prefix) {
    agent.run("cluster/event/" + event, "{}");
    return agent.awaitStepLines(count, line -> line.startsWith(prefix));
  }

  @Claim({"21a", "21b", "21c"})
  @Test
  void everyLineOfBothStreamsComesInOrder() {
    stage.step(
        "lines-written",
        "10speak",
        "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo \"out $i\"; echo \"err $i\" >&2; done");

    List<String> out = written("lines-written", 2000, "out ");

    assertEquals(IntStream.rangeClosed(1, 2000).mapToObj(i -> "out " + i).toList(), out);
    assertEquals(
        IntStream.rangeClosed(1, 2000).mapToObj(i -> "err " + i).toList(),
        agent.awaitStepLines(2000, line -> line.startsWith("err ")));
  }

  @Claim("21d")
  @Test
  void lastLineNeedsNoNewline() {
    stage.step("line-left", "10speak", "printf 'open one\\nopen two'; printf 'open three' >&2");
    stage.step("line-left", "20speak", "echo open four");

    List<String> lines = written("line-left", 4, "open");

    assertEquals(
        List.of("open four", "open one", "open three", "open two"),
        lines.stream().sorted().toList());
  }

  @Claim({"21a", "21e"})
  @Test
  void linesOfStepsAtTheSameTimeDoNotMix() {
    // Longer than what a pipe takes at once, so that careless writers would interleave.
    stage.step(
        "crowd-gathered",
        "10speak",
        "read -r letter",
        "line=$(head -c 20000 /dev/zero | tr '\\0' \"$letter\")",
        "for i in 1 2 3 4 5 6 7 8 9 10; do echo \"$line\"; echo \"$line\" >&2; done");
    String letters = "pqrstuvw";
    for (char letter : letters.toCharArray()) {
      stage.redis().publish("module/" + letter + "/event/crowd-gathered", letter + "\n");
    }
    agent.awaitLines("crowd-gathered exited", letters.length());

    for (char letter : letters.toCharArray()) {
      String line = ("" + letter).repeat(20_000);
      assertEquals(20, agent.awaitStepLines(20, line::equals).size());
    }
  }

  @Claim("21h")
  @Test
  void linesOfStepsStayAsTheyAreAndApartFromTheAgents() {
    stage.step("words-said", "10speak", "echo '<3>urgent word'; echo 'plain word'");

    assertEquals(List.of("<3>urgent word"), written("words-said", 1, "<3>"));
    agent.awaitStepLines(1, "plain word"::equals);
    assertEquals(List.of(), agent.lines("urgent word"));
    assertEquals(
        List.of(), agent.stepLines().stream().filter(l -> l.contains("Handler of")).toList());
  }

  @Claim("21i")
  @Test
  void longLineIsCutAndSaysSo() {
    stage.step(
        "line-stretched",
        "10speak",
        "head -c " + 48 * KIBIBYTE + " /dev/zero | tr '\\0' 1; echo",
        "head -c " + 5_000 * KIBIBYTE + " /dev/zero | tr '\\0' 2; echo",
        "{ head -c " + 50 * KIBIBYTE + " /dev/zero | tr '\\0' 3; echo; } >&2",
        "echo 4 after");

    agent.run("cluster/event/line-stretched", "{}");

    // Sorted: two streams have no order between them.
    List<String> lines =
        agent.awaitStepLines(4, l -> l.matches("(?s)[1234].*")).stream().sorted().toList();
    assertEquals(4, lines.size(), agent::said);
    assertEquals("1".repeat(48 * KIBIBYTE), lines.get(0));
    for (String cut : lines.subList(1, 3)) {
      assertTrue(cut.matches("(?s)2{49152}[^2].*cut.*|3{49152}[^3].*cut.*"), "the cut is not said");
      assertTrue(cut.length() < 48 * KIBIBYTE + 200, "the line is not cut");
    }
    assertEquals("4 after", lines.get(3));
  }

  @Claim("21j")
  @Test
  void strangeBytesDoNoHarm() {
    byte[] strange = "strange \377\376\300 \033]0;title\007 \r\b\0 end".getBytes(ISO_8859_1);
    stage.step(
        "noise-made",
        "10speak",
        "echo calm before; printf 'strange \\377\\376\\300 \\033]0;title\\007 \\r"
            + "\\b\\0 end\\n"
            + "'; echo calm after");

    agent.run("cluster/event/noise-made", "{}");

    assertEquals(
        List.of("calm before", "calm after"),
        agent.awaitStepLines(2, line -> line.startsWith("calm ")));
    assertTrue(
        agent.stepBytes().stream().anyMatch(line -> java.util.Arrays.equals(line, strange)),
        agent::said);
  }

  @Claim({"22a", "22b", "22c", "22e"})
  @Test
  void linesAreToTheLetter() {
    stage.rawScript(stage.events().resolve("letter-read/10bad"), "no program");
    stage.step("letter-read", "20run", ":");
    stage.step("letter-read", "30fail", "exit 37");

    agent.run("module/m1/event/letter-read", "{}");

    List<String> lines = agent.lines("Handler of module/m1/event/letter-read ");
    String handler = "Handler of module/m1/event/letter-read ";
    assertTrue(lines.get(0).startsWith("<4>" + handler + "skipped step 10bad: "), agent::said);
    assertEquals("<7>" + handler + "is starting step 20run", lines.get(1));
    assertEquals("<7>" + handler + "is starting step 30fail", lines.get(2));
    assertEquals(handler + "exited with status \"aborted\" (37) at step 30fail", lines.getLast());
    stage.step("letter-sent", "10run", ":");
    agent.run("cluster/event/letter-sent", "{}");
    assertEquals(
        List.of(
            "<7>Handler of cluster/event/letter-sent is starting step 10run",
            "Handler of cluster/event/letter-sent exited with status \"completed\" (0) at step"
                + " 10run"),
        agent.lines("letter-sent"));
  }

  /** Whatever becomes of the event: run, aborted, skipped, timed out, rejected, refused. */
  @Claim({"23a", "23b"})
  @Test
  void payloadsAndValuesAreInNoLine() {
    String secret = "s3cret-0f-th1s-test";
    Stage.write(
        stage.state().resolve("environment"),
        "KEY=" + secret + "\n" + secret + "\n=" + secret + "\n");
    Gate gate = stage.gate("gate");
    stage.step("secret-run", "10read", "cat > /dev/null; [ \"$KEY\" = '" + secret + "' ]");
    stage.step("secret-aborted", "10fail", "exit 1");
    stage.step("secret-timed", "10wait", gate.pass());
    stage.rawScript(stage.events().resolve("secret-skipped/10bad"), "no program");
    ContractAgent quiet =
        stage
            .launch()
            .id("module/quiet1")
            .variable("TOKEN", secret)
            .flags("--step-timeout=700ms", "--queue-events=0", "--max-concurrency=1")
            .subscribed();

    assertEquals("\"completed\" (0) at step 10read", quiet.run("x/event/secret-run", secret));
    quiet.run("x/event/secret-aborted", secret);
    quiet.run("x/event/secret-skipped", secret);
    stage.redis().publish("x/event/secret-timed", secret);
    stage.redis().publish("x/event/secret-run", secret);
    quiet.awaitLine("<3>Agent is busy. Event x/event/secret-run rejected!");
    quiet.awaitLine("secret-timed exited with status \"timed-out\"");
    stage.redis().publish("x/event/..", secret);
    quiet.awaitLine("refused");
    quiet.signal("USR1");
    assertEquals(0, quiet.awaitExit());

    assertFalse(quiet.lines().stream().anyMatch(line -> line.contains(secret)), quiet::said);
    assertEquals(List.of(), quiet.stepLines());
    gate.open();
    Stage.write(stage.state().resolve("environment"), "");
  }
}
