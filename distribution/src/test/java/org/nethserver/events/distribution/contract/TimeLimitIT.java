package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 16: the time limit of a step. */
class TimeLimitIT {
  @RegisterExtension final Stage stage = new Stage();

  @Claim({"16a", "16c"})
  @Test
  void termGoesToTheWholeGroupAndTheRunTimesOut() {
    stage.step(
        "limit-exceeded",
        "10slow",
        "trap 'seen leader; exit 0' TERM",
        "(trap 'seen child; exit 0' TERM; seen ready; sleep 1000 & wait) &",
        "sleep 1000 & wait");
    stage.step("limit-exceeded", "20never", "seen never");
    ContractAgent agent = stage.agent("--step-timeout=1500ms");

    long start = System.nanoTime();
    assertEquals(
        "\"timed-out\" (-1) at step 10slow", agent.run("cluster/event/limit-exceeded", "{}"));

    assertTrue(System.nanoTime() - start >= 1_500_000_000L, "ended before its time");
    stage.awaitSeen(3);
    assertEquals(List.of("child", "leader", "ready"), stage.seen().stream().sorted().toList());
    Await.until("end of the group", () -> agent.offspring().isEmpty());
  }

  /** One run for three claims: it takes the ten seconds that it shows. */
  @Claim({"16a", "16b", "16c", "16d"})
  @Test
  void killFollowsTenSecondsLaterAndReachesWhatLeftTheGroup() {
    stage.step(
        "term-ignored",
        "10stubborn",
        "trap 'seen term' TERM",
        "setsid sh -c 'trap : TERM; while :; do sleep 1000; done' &",
        "(setsid sh -c 'trap : TERM; while :; do sleep 1000; done' &)",
        "seen ready",
        "while :; do sleep 1000; done");
    ContractAgent agent = stage.agent("--step-timeout=300ms");

    stage.redis().publish("cluster/event/term-ignored", "{}");
    stage.awaitSeen(2);
    long term = System.nanoTime();
    agent.awaitLine("Handler of cluster/event/term-ignored exited with status \"timed-out\" (-1)");
    double seconds = (System.nanoTime() - term) / 1e9;

    assertTrue(seconds > 9 && seconds < 13, () -> "KILL came " + seconds + " s after TERM");
    Await.until("end of all that it started", () -> agent.offspring().isEmpty());
    assertTrue(agent.running());
  }

  @Claim("16e")
  @Test
  void defaultIsOneHour() {
    String help = Shell.run(List.of(ContractAgent.image() + "/bin/events-agent", "--help"));

    String about = help.replaceAll("\\s+", " ");
    assertTrue(about.matches(".*--step-timeout=DURATION [^-]+Default: 1h\\..*"), about);
  }

  @Claim("16f")
  @Test
  void zeroMeansNoLimit() {
    Gate gate = stage.gate("gate");
    stage.step("patience-shown", "10wait", "seen ready", gate.pass(), "seen end");
    stage.step("limit-passed", "10wait", "seen short", gate.pass());
    ContractAgent patient = stage.agent("--step-timeout=0");
    ContractAgent hasty = stage.launch().id("module/hasty1").flags("--step-timeout=1ms").start();
    hasty.awaitSubscribed();

    stage.redis().publish("cluster/event/patience-shown", "{}");
    // What would be "ended at once" has happened to the other agent by then.
    hasty.awaitLine("patience-shown exited with status \"timed-out\"");
    assertEquals(List.of(), patient.lines("exited"));
    gate.open();

    patient.awaitLine("patience-shown exited with status \"completed\" (0) at step 10wait");
  }
}
