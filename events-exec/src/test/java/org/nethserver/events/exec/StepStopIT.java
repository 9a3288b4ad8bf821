package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepRun;

/** Ending a step with all that it started. */
final class StepStopIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path root;
  private Scripts scripts;
  private final RecordingListener listener = new RecordingListener();
  private final StepRun run = Scripts.run(Payload.EMPTY);

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  @Test
  void termEndsAnOrdinaryStepAtOnce() {
    Step.Execution step = start("echo ready; exec sleep 60");
    long begin = System.nanoTime();
    step.stop(LONG);
    assertEquals(new Outcome.Killed(15), listener.awaitEnd());
    assertTrue(System.nanoTime() - begin < LONG.toNanos(), "it waited for the grace to end");
  }

  @Test
  void stepMayCleanUpWithinItsGrace() {
    Step.Execution step = start("trap 'echo bye; exit 7' TERM; echo ready; sleep 60 & wait");
    step.stop(LONG);
    assertEquals(new Outcome.Failed(7), listener.awaitEnd());
    assertEquals(List.of("ready", "bye"), listener.stdout());
    assertNothingLeft();
  }

  @Test
  void wholeTreeThatIgnoresTermIsKilledAfterTheGrace() {
    Step.Execution step =
        start("trap '' TERM; for i in 1 2 3; do (sleep 60; sleep 60) & done; echo ready; wait");
    long begin = System.nanoTime();
    step.stop(SHORT);
    assertEquals(new Outcome.Killed(9), listener.awaitEnd());
    assertTrue(System.nanoTime() - begin >= SHORT.toNanos(), "it was killed within the grace");
    assertNothingLeft();
  }

  @Test
  void endIsToldOnlyWhenTheGroupIsGone() {
    // The leader obeys, its child does not.
    Step.Execution step = start("(trap '' TERM; echo ready; while :; do sleep 60; done) & wait");
    step.stop(SHORT);
    assertEquals(new Outcome.Killed(15), listener.awaitEnd());
    assertNothingLeft();
  }

  @Test
  void zeroGraceKillsAtOnce() {
    Step.Execution step = start("trap '' TERM; echo ready; while :; do sleep 60; done");
    step.stop(Duration.ZERO);
    assertEquals(new Outcome.Killed(9), listener.awaitEnd());
    assertNothingLeft();
  }

  @Test
  void daemonThatLeftTheGroupIsFoundAndKilled() {
    Step.Execution step =
        start(
            "(setsid bash -c 'trap \"\" TERM; (setsid sleep 61 &) ; echo ready; sleep 62; sleep 63'"
                + " &) ; sleep 60");
    step.stop(SHORT);
    listener.awaitEnd();
    assertNothingLeft();
  }

  @Test
  void daemonMayCleanUpToo() {
    Path bye = root.resolve("bye");
    Step.Execution step =
        start(
            "(setsid bash -c 'trap \"touch %s; exit\" TERM; echo ready; sleep 60 & wait' &); sleep 60"
                .formatted(bye));
    step.stop(LONG);
    listener.awaitEnd();
    assertTrue(Files.exists(bye), "the daemon had no time to clean up");
    assertNothingLeft();
  }

  @Test
  void chainThatForksOnAndOnIsCaught() {
    // Each link is a session of its own that lives for some milliseconds only.
    Path chain =
        scripts.file("chain.swp", "#!/bin/bash\nsleep 0.01\nsetsid \"$0\" &\n", "rwxr-xr-x");
    Step.Execution step = start("setsid %s & echo ready; sleep 60".formatted(chain));
    step.stop(SHORT);
    listener.awaitEnd();
    assertNothingLeft();
  }

  @Test
  void stoppedStepIsContinuedForItsTerm() {
    Step.Execution step =
        start("trap 'echo bye; exit 3' TERM; echo ready; kill -STOP $$; sleep 60");
    Scripts.await("the step is stopped", () -> states().contains("T"));
    step.stop(LONG);
    assertEquals(new Outcome.Failed(3), listener.awaitEnd());
  }

  @Test
  void secondStopShortensTheGrace() {
    Step.Execution step = start("trap '' TERM; echo ready; while :; do sleep 60; done");
    step.stop(Duration.ofDays(200_000));
    step.stop(SHORT);
    assertEquals(new Outcome.Killed(9), listener.awaitEnd());
    assertNothingLeft();
  }

  @Test
  void secondStopDoesNotLengthenTheGrace() {
    Step.Execution step = start("trap '' TERM; echo ready; while :; do sleep 60; done");
    long begin = System.nanoTime();
    step.stop(SHORT);
    step.stop(LONG);
    assertEquals(new Outcome.Killed(9), listener.awaitEnd());
    assertTrue(System.nanoTime() - begin < LONG.toNanos(), "the grace was lengthened");
  }

  @Test
  void stopAfterTheEndDoesNothing() {
    scripts.bash("10step", "sleep 60 >/dev/null 2>&1 & echo $!");
    Step.Execution step = scripts.step("10step").start(run, listener);
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
    step.stop(Duration.ZERO);
    // The loop has looked at the request by the time that a later step has ended.
    scripts.bash("20other", "true");
    scripts.complete("20other");
    long child = Long.parseLong(listener.stdout().getFirst());
    assertTrue(Scripts.isAlive(child), "the background child of an ended step was killed");
    assertEquals(1, listener.calls().stream().filter("ended"::equals).count());
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void manyStepsAreStoppedTogether() {
    scripts.bash("10many", "trap '' TERM; (setsid sleep 60 &); while :; do sleep 60; done");
    List<RecordingListener> listeners = Stream.generate(RecordingListener::new).limit(32).toList();
    List<StepRun> runs = listeners.stream().map(each -> Scripts.run(Payload.EMPTY)).toList();
    List<Step.Execution> steps =
        IntStream.range(0, listeners.size())
            .mapToObj(i -> scripts.step("10many").start(runs.get(i), listeners.get(i)))
            .toList();
    steps.forEach(step -> step.stop(SHORT));
    listeners.forEach(RecordingListener::awaitEnd);
    Set<String> ids = runs.stream().map(StepRun::id).collect(Collectors.toSet());
    assertFalse(
        ProcessTable.read().entries().stream().anyMatch(entry -> ids.contains(entry.stepRun())),
        "something is left of the steps");
  }

  private Step.Execution start(String body) {
    scripts.bash("10step", body);
    Step.Execution step = scripts.step("10step").start(run, listener);
    listener.awaitLine("ready");
    return step;
  }

  private void assertNothingLeft() {
    assertEquals(
        List.of(),
        ProcessTable.read().entries().stream()
            .filter(entry -> entry.stepRun().equals(run.id()))
            .toList());
  }

  private List<String> states() {
    return ProcessTable.read().entries().stream()
        .filter(entry -> entry.stepRun().equals(run.id()))
        .map(entry -> state(entry.pid()))
        .toList();
  }

  private static String state(int pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    } catch (IOException e) {
      return "gone";
    }
  }
}
