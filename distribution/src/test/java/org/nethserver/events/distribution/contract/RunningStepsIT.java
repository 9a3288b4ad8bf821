package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points 12, 14 and 15: how a step starts, what it leaves behind, and how it fails. */
class RunningStepsIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    // Two more descriptors and an unusual umask, neither of which is the agent's doing.
    agent =
        stage
            .launch()
            .under("sh", "-c", "umask 0137; exec 7</dev/null 9>/dev/null; exec \"$@\"", "sh")
            .subscribed();
  }

  @Claim("12a")
  @Test
  void absolutePathIsTheOnlyArgument() {
    Path step =
        stage.step("path-told", "10tell", "tr '\\0' '\\n' < /proc/$$/cmdline >> \"$N/seen\"");

    agent.run("cluster/event/path-told", "{}");

    // The kernel puts the interpreter before the arguments of a script.
    assertEquals(List.of("/bin/sh", step.toString()), stage.seen());
  }

  @Claim("12a")
  @Test
  void pathIsAbsoluteWhereTheFlagIsNot() {
    ContractAgent other =
        stage
            .launch()
            .id("module/relative1")
            .directory(stage.root())
            .withoutUsualFlags()
            .variable("REDIS_ADDRESS", stage.redis().address())
            .flags("--agentid=module/relative1", "--eventsdir=relative/dir")
            .subscribed();
    Path step = stage.script(stage.root().resolve("relative/dir/path-asked/10tell"), "seen \"$0\"");

    other.run("cluster/event/path-asked", "{}");

    assertEquals(List.of(step.toString()), stage.seen());
  }

  @Claim("12b")
  @Test
  void workingDirectoryIsTheAgentsOwn() {
    stage.step("place-asked", "10tell", "seen \"$(pwd -P)\"");

    agent.run("cluster/event/place-asked", "{}");

    assertEquals(List.of(stage.state().toString()), stage.seen());
  }

  @Claim({"12c", "12d"})
  @Test
  void eachStepReadsThePayloadToItsEnd() {
    stage.step("input-read", "10first", "note first; seen \"$(wc -c)\"");
    stage.step("input-read", "20part", "read -r line; seen \"$line\"");
    stage.step("input-read", "30third", "note third");

    agent.run("cluster/event/input-read", "line one\nline two");

    assertEquals("line one\nline two", stage.noted("first"));
    assertEquals("line one\nline two", stage.noted("third"));
    assertEquals(List.of("0", "line one"), stage.seen());
  }

  @Claim("12e")
  @Test
  void stepThatReadsNothingHasDoneNothingWrong() {
    stage.step("input-ignored", "10ignore", "seen ignored");
    stage.step("input-ignored", "20close", "exec 0<&-; seen closed");
    stage.step("input-ignored", "30some", "seen \"$(head -c 3)\"");
    int before = agent.lines().size();
    byte[] payload = "x".repeat(8 * MEBIBYTE).getBytes(US_ASCII);

    String outcome =
        agent.run(
            "cluster/event/input-ignored",
            () -> stage.redis().publish("cluster/event/input-ignored".getBytes(US_ASCII), payload));

    assertEquals("\"completed\" (0) at step 30some", outcome);
    assertEquals(List.of("ignored", "closed", "xxx"), stage.seen());
    List<String> said = agent.lines().subList(before, agent.lines().size());
    assertEquals(4, said.size(), () -> "more than starts and end: " + said);
  }

  @Claim("12f")
  @Test
  void thereAreThreeDescriptors() {
    // Not sh, which opens more by itself; what perl has open is its script and this directory.
    stage.rawScript(
        stage.events().resolve("descriptors-counted/10perl"),
        """
        #!/usr/bin/perl
        opendir(my $all, '/proc/self/fd');
        my @open = grep { /^[0-9]+$/ } readdir($all);
        @open = grep { readlink("/proc/self/fd/$_") !~ m{^/proc/|/10perl$} } @open;
        print "descriptors ", join(' ', sort @open), "\\n";
        __END__\
        """);

    agent.run("cluster/event/descriptors-counted", "{}");

    List<String> told = agent.awaitStepLines(1, line -> line.startsWith("descriptors "));
    assertEquals(List.of("descriptors 0 1 2"), told);
  }

  @Claim("12g")
  @Test
  void umaskIsTheAgentsOwn() {
    stage.step("mask-asked", "10tell", "seen \"$(umask)\"");

    agent.run("cluster/event/mask-asked", "{}");

    assertEquals(List.of("0137"), stage.seen());
  }

  @Claim("14a")
  @Test
  void eachStepLeadsAProcessGroup() {
    String tell = "read -r _ _ _ _ group _ < /proc/$$/stat; seen \"$$ $group\"";
    stage.step("group-asked", "10tell", tell);
    stage.step("group-asked", "20tell", tell);

    agent.run("cluster/event/group-asked", "{}");

    for (String line : stage.seen()) {
      String[] numbers = line.split(" ", -1);
      assertEquals(numbers[0], numbers[1]);
    }
    assertNotEquals(stage.seen().get(0), stage.seen().get(1));
  }

  @Claim({"14b", "14c", "14d"})
  @Test
  void backgroundChildHoldsNothingUpAndMayStillSpeak() {
    Gate gate = stage.gate("gate");
    stage.step("child-left", "10leave", "{ " + gate.pass() + "; echo late; seen child; } &");
    stage.step("child-left", "20next", "seen next");

    assertEquals("\"completed\" (0) at step 20next", agent.run("cluster/event/child-left", "{}"));
    assertEquals("\"completed\" (0) at step 20next", agent.run("cluster/event/child-left", "{}"));
    assertEquals(List.of("next", "next"), stage.seen());
    assertEquals(List.of(), agent.stepLines().stream().filter("late"::equals).toList());

    gate.open();
    stage.awaitSeen(4);
    assertEquals(2, agent.awaitStepLines(2, "late"::equals).size());
  }

  @Claim({"15a", "15b", "22c"})
  @Test
  void exitCodeAbortsTheRun() {
    stage.step("code-returned", "10run", "seen run");
    stage.step("code-returned", "20fail", "exit 37");
    stage.step("code-returned", "30never", "seen never");

    assertEquals("\"aborted\" (37) at step 20fail", agent.run("cluster/event/code-returned", "{}"));

    assertEquals(List.of("run"), stage.seen());
    List<String> errors =
        agent.lines("exit status 37").stream().filter(line -> line.startsWith("<3>")).toList();
    assertEquals(1, errors.size(), agent::said);
  }

  @Claim({"15a", "15c", "22d"})
  @Test
  void deathByASignalAbortsTheRun() {
    stage.step("signal-sent", "10die", "kill -KILL $$");
    stage.step("signal-sent", "20never", "seen never");

    assertEquals("\"aborted\" (-1) at step 10die", agent.run("cluster/event/signal-sent", "{}"));

    assertEquals(List.of(), stage.seen());
    List<String> errors =
        agent.lines("signal").stream()
            .filter(line -> line.matches("<3>.*(signal: killed|signal 9|SIGKILL).*"))
            .toList();
    assertEquals(1, errors.size(), agent::said);
  }

  @Claim({"15d", "15e"})
  @Test
  void failedRunIsNotTriedAgainAndTheNextEventRuns() {
    stage.step("code-chosen", "10choose", "read -r code; seen \"$code\"; exit \"$code\"");

    for (String code : List.of("1", "2", "75", "100", "124", "126", "127", "137", "255")) {
      assertEquals(
          "\"aborted\" (" + code + ") at step 10choose",
          agent.run("cluster/event/code-chosen", code + "\n"));
    }
    assertEquals(
        "\"completed\" (0) at step 10choose", agent.run("cluster/event/code-chosen", "0\n"));

    assertEquals(
        List.of("1", "2", "75", "100", "124", "126", "127", "137", "255", "0"), stage.seen());
    assertTrue(agent.running());
  }
}
