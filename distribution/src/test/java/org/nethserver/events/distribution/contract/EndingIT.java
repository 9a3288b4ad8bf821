package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Point 20: SIGUSR1 lets running steps finish, SIGTERM and SIGINT end them. */
class EndingIT {
  private static final String CHANNEL = "cluster/event/night-fallen";

  @RegisterExtension final Stage stage = new Stage();

  @Claim({"20a", "20b", "20c"})
  @Test
  void usr1FinishesWhatRunsAndWaitsAndTakesNoMore() {
    Gate gate = stage.gate("gate");
    stage.step("night-fallen", "10take", "seen \"$(cat)\"", gate.pass());
    stage.step("night-fallen", "20end", "seen end");
    ContractAgent agent = stage.agent("--max-concurrency=1");
    stage.redis().publish(CHANNEL, "runs");
    stage.redis().publish(CHANNEL, "waits");
    stage.redis().publish("node/1/event/night-fallen", "waits for a place");
    stage.awaitSeen(1);
    awaitRead(agent);

    agent.signal("USR1");
    Await.until(
        "end of the subscription",
        () -> stage.redis().clients().stream().noneMatch(c -> c.contains(" name=" + agent.id())));
    assertEquals(0, stage.redis().publish(CHANNEL, "too late"));
    assertTrue(agent.running());
    assertEquals(List.of("runs"), stage.seen());
    gate.open();

    assertEquals(0, agent.awaitExit());
    assertEquals(
        List.of("runs", "end", "waits", "end", "waits for a place", "end"), sorted(stage.seen()));
    assertEquals(3, agent.lines("exited with status \"completed\" (0) at step 20end").size());
  }

  /** The two that wait may run in either order. */
  private static List<String> sorted(List<String> seen) {
    return seen.size() == 6 && seen.get(2).equals("waits for a place")
        ? List.of(seen.get(0), seen.get(1), seen.get(4), seen.get(5), seen.get(2), seen.get(3))
        : seen;
  }

  private void awaitRead(ContractAgent agent) {
    stage.redis().publish("x/event/..", "{}");
    agent.awaitLine("refused");
  }

  @Claim("20c")
  @Test
  void usr1EndsAnIdleAgentToo() {
    ContractAgent agent = stage.agent();
    agent.signal("USR1");
    assertEquals(0, agent.awaitExit());
  }

  @Claim({"20d", "20i", "20j"})
  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void signalEndsRunningStepsWithTerm(String signal, int status) {
    stage.step(
        "night-fallen",
        "10run",
        "trap 'seen leader; exit 0' TERM",
        "(trap 'seen child; exit 0' TERM; seen ready; sleep 1000 & wait) &",
        "sleep 1000 & wait");
    stage.step("night-fallen", "20next", "seen next");
    ContractAgent agent = stage.agent();
    stage.redis().publish(CHANNEL, "runs");
    stage.redis().publish(CHANNEL, "waits");
    stage.redis().publish("node/1/event/night-fallen", "runs as well");
    stage.awaitSeen(2);
    awaitRead(agent);

    agent.signal(signal);

    assertEquals(status, agent.awaitExit());
    assertEquals(
        List.of("child", "child", "leader", "leader", "ready", "ready"),
        stage.seen().stream().sorted().toList());
    assertEquals(List.of(), agent.lines("exited"));
    assertEquals(List.of(), agent.offspring());
  }

  @Claim({"20e", "20h", "20i"})
  @Test
  void whatIsLeftIsKilledWhereverItWent() {
    stage.step(
        "night-fallen",
        "10stubborn",
        "trap : TERM",
        "setsid sh -c 'trap : TERM; while :; do sleep 1000; done' &",
        "(setsid sh -c 'trap : TERM; while :; do sleep 1000; done' &)",
        "(trap : TERM; seen ready; while :; do sleep 1000; done) &",
        "while :; do sleep 1000; done");
    ContractAgent agent = stage.agent();
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);

    long start = System.nanoTime();
    agent.signal("TERM");
    assertEquals(143, agent.awaitExit());
    double seconds = (System.nanoTime() - start) / 1e9;

    assertTrue(seconds > 0.75 && seconds < 3, () -> "ended after " + seconds + " s");
    Await.until("end of all that was started", () -> agent.offspring().isEmpty());
    assertEquals(List.of(), agent.lines("exited"));
  }

  @Claim("20f")
  @ParameterizedTest
  @CsvSource({"TERM,15", "INT,2"})
  void agentDiesByTheSameSignal(String signal, int number) {
    Path status = stage.notes().resolve("status");
    // An exit code of 143 would look the same to a shell.
    ContractAgent agent =
        stage
            .launch()
            .under(
                "perl",
                "-e",
                "$SIG{$_} = 'IGNORE' for (); my $p = fork; exec @ARGV unless $p; "
                    + "open(P, '>', '"
                    + stage.notes()
                    + "/pid'); print P $p; close P; waitpid($p, 0);"
                    + " open(S, '>', '"
                    + status
                    + "'); print S $? & 127, ' ', $? >> 8; close S;")
            .subscribed();

    Shell.signal(signal, Long.parseLong(stage.noted("pid")));

    agent.awaitExit();
    assertEquals(number + " 0", stage.noted("status"));
  }

  @Claim("20g")
  @Test
  void graceCanBeLonger() {
    stage.step(
        "night-fallen",
        "10clean",
        "trap 'sleep 1.2; seen clean; exit 0' TERM",
        "seen ready",
        "sleep 1000 & wait");
    ContractAgent agent = stage.agent("--stop-grace=30s");
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);

    long start = System.nanoTime();
    agent.signal("TERM");

    assertEquals(143, agent.awaitExit());
    assertEquals(List.of("ready", "clean"), stage.seen());
    assertTrue(System.nanoTime() - start < 10_000_000_000L, "waited although nothing was left");
  }

  @Claim({"20h", "20k"})
  @Test
  void secondSignalKillsAtOnce() {
    stage.step(
        "night-fallen",
        "10stubborn",
        "trap 'seen term' TERM",
        "seen ready",
        "while :; do sleep 1000; done");
    ContractAgent agent = stage.agent("--stop-grace=10m");
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);
    agent.signal("TERM");
    assertEquals(List.of("ready", "term"), stage.awaitSeen(2));
    assertTrue(agent.running());
    assertFalse(agent.offspring().isEmpty());

    long start = System.nanoTime();
    agent.signal("TERM");

    assertEquals(143, agent.awaitExit());
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(seconds < 3, () -> "ended after " + seconds + " s");
    Await.until("end of the step", () -> agent.offspring().isEmpty());
  }

  /** A pipe that is full and that nobody reads: no line can be written any more. */
  @Claim({"20e", "20f", "20h"})
  @Test
  void signalEndsAnAgentWhoseLogNobodyReads() {
    Gate pipe = stage.gate("pipe");
    stage.step("night-fallen", "10flood", "seen ready", "exec yes");
    ContractAgent agent =
        stage
            .launch()
            .under("sh", "-c", "exec \"$@\" > '" + pipe.path() + "' 2>&1", "sh")
            .subscribed();
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);
    pipe.awaitFull();

    agent.signal("TERM");

    assertEquals(143, agent.awaitExit());
    Await.until("end of the step", () -> agent.offspring().isEmpty());
  }

  @Claim({"20c", "20f"})
  @Test
  void signalAfterUsr1StillEndsTheSteps() {
    stage.step("night-fallen", "10run", "seen ready", "sleep 1000 & wait");
    ContractAgent agent = stage.agent();
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);
    agent.signal("USR1");
    agent.awaitLine("SIGUSR1");
    assertTrue(agent.running());

    agent.signal("TERM");

    assertEquals(143, agent.awaitExit());
    assertEquals(List.of(), agent.lines("exited"));
  }
}
