package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepEntry.Disposition;

/** What policies ask for is done; by a judge whose verdicts the test says. */
final class AdmissionTests {
  private static final String A = "module/a1/event/user-created";
  private static final String B = "module/b1/event/user-created";
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** Changed between events alone. */
  private volatile Verdict verdict = Verdict.AS_EVER;

  private final Queue<Runnable> pending = new ArrayDeque<>();
  private boolean slow;
  private Stage stage = stage(Limits.DEFAULT);

  private Stage stage(Limits limits) {
    Stage made = new Stage(limits, this::judge);
    made.source
        .runs("user-created", "10first")
        .put(
            "user-created",
            StepName.of("handler.json"),
            () -> new Disposition.Document(Payload.of("{}")));
    return made;
  }

  private void judge(Event event, EventFiles files, Variables variables, Consumer<Verdict> then) {
    Verdict now = verdict;
    if (slow) {
      pending.add(() -> then.accept(now));
    } else {
      then.accept(now);
    }
  }

  private void use(Limits limits) {
    stage.close();
    stage = stage(limits);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private static Policy policy(
      Optional<Policy.Coalesce> coalesce,
      Optional<Policy.Lane> lane,
      int max,
      Optional<Policy.Retry> retry) {
    return new Policy(
        coalesce,
        lane,
        max == 0 ? OptionalInt.empty() : OptionalInt.of(max),
        Optional.empty(),
        retry);
  }

  private static Verdict runs(Policy policy) {
    return new Verdict.Runs(policy, "", Optional.empty());
  }

  private static Verdict coalesced(Duration window, Duration atMost, String key) {
    return new Verdict.Runs(
        policy(
            Optional.of(new Policy.Coalesce(window, atMost)),
            Optional.empty(),
            0,
            Optional.empty()),
        key,
        Optional.empty());
  }

  private static Verdict retried(int attempts, Duration delay) {
    return runs(
        policy(
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.of(new Policy.Retry(attempts, delay, LONG, Optional.of(Set.of(75))))));
  }

  @Test
  void filteredEventDoesNotRun() throws InterruptedException {
    stage.settle();
    verdict = new Verdict.Filtered("not here");
    Event event = stage.offer(A);
    stage.settle();
    assertEquals(List.of("filtered " + event.id() + " not here"), stage.log.lines);
    assertTrue(stage.ask(stage.agent::idle));
    assertEquals(1, stage.idled.get());
    assertEquals(0, stage.ask(stage.agent::waiting));
  }

  @Test
  void invalidEventDoesNotRunUnlessItIsOnlyWarnedOf() throws InterruptedException {
    stage.settle();
    verdict = new Verdict.Invalid("wrong");
    Event rejected = stage.offer(A);
    stage.settle();
    verdict = new Verdict.Runs(Policy.NONE, "", Optional.of("odd"));
    Event warned = stage.offer(A);
    FakeStep step = stage.source.started();
    assertEquals(warned, step.event());
    step.complete();
    stage.log.ended();
    assertEquals(
        List.of(
            "invalid " + rejected.id() + " wrong",
            "invalid " + warned.id() + " odd, runs",
            "start 10first"),
        stage.log.lines.subList(0, 3));
  }

  @Test
  void eventDoesNotOvertakeOneOfItsChannelThatIsBeingJudged() throws InterruptedException {
    slow = true;
    Event first = stage.offer(A);
    stage.settle();
    // Its files are gone by now.
    stage.source.forget("user-created").runs("user-created", "10first");
    Event second = stage.offer(A);
    Event other = stage.offer(B);
    FakeStep step = stage.source.started();
    assertEquals(other, step.event());
    step.complete();
    stage.settle();
    assertEquals(0, stage.source.unseen());
    stage.ask(
        () -> {
          pending.forEach(Runnable::run);
          return "";
        });
    for (Event expected : List.of(first, second)) {
      step = stage.source.started();
      assertEquals(expected, step.event());
      step.complete();
    }
  }

  @Test
  void whatIsBeingJudgedTakesRoom() {
    use(new Limits(8, new Limits.Queue(2, 1_000), Limits.Ordering.CHANNEL, Duration.ZERO));
    slow = true;
    stage.offer(A);
    stage.offer(B);
    Event third = stage.offer(A);
    stage.settle();
    assertEquals(List.of(third), stage.log.rejected);
    assertFalse(stage.ask(stage.agent::idle));
    stage.ask(
        () -> {
          stage.agent.stop(Duration.ZERO);
          pending.forEach(Runnable::run);
          return "";
        });
    stage.settle();
    assertTrue(stage.ask(stage.agent::idle));
    assertEquals(0, stage.source.unseen());
  }

  @Test
  void ofEventsInARowTheLastRuns() throws InterruptedException {
    stage.settle();
    verdict = coalesced(Duration.ofMillis(200), LONG, "");
    Event first = stage.offer(A);
    Event second = stage.offer(A);
    stage.settle();
    verdict = coalesced(Duration.ofMillis(200), LONG, "other");
    Event other = stage.offer(A);
    stage.settle();
    verdict = coalesced(Duration.ofMillis(200), LONG, "");
    Event last = stage.offer(A);
    stage.settle();
    assertEquals(0, stage.source.unseen());
    assertEquals(2, stage.ask(stage.agent::waiting));
    FakeStep step = stage.source.started();
    assertEquals(other, step.event());
    step.complete();
    step = stage.source.started();
    assertEquals(last, step.event());
    step.complete();
    stage.log.ended();
    stage.log.ended();
    assertEquals(
        List.of(
            "superseded " + first.id() + " by " + second.id(),
            "superseded " + second.id() + " by " + last.id()),
        stage.log.lines.stream().filter(line -> line.startsWith("superseded")).toList());
    stage.settle();
    assertEquals(0, stage.ask(stage.agent::waiting));
    assertEquals(0, stage.timers());
    assertEquals(0, stage.remembered());
  }

  @Test
  void rowWithoutEndRunsWhenItsFirstEventHasWaitedLongEnough() throws InterruptedException {
    stage.settle();
    verdict = coalesced(LONG, Duration.ofMillis(100), "");
    stage.offer(A);
    Event last = stage.offer(A);
    FakeStep step = stage.source.started();
    assertEquals(last, step.event());
    step.complete();
  }

  @Test
  void agentThatFinishesWaitsForNoFurtherEvents() throws InterruptedException {
    stage.settle();
    verdict = coalesced(LONG, LONG, "");
    Event first = stage.offer(A);
    stage.settle();
    stage.ask(
        () -> {
          stage.agent.finish();
          return "";
        });
    FakeStep step = stage.source.started();
    assertEquals(first, step.event());
    step.complete();
    Event late = stage.offer(A);
    step = stage.source.started();
    assertEquals(late, step.event());
    step.complete();
    assertEquals(0, stage.timers());
  }

  @Test
  void eventsOfALaneRunOneAfterTheOtherAcrossChannels() throws InterruptedException {
    stage.settle();
    verdict =
        runs(
            policy(
                Optional.empty(),
                Optional.of(new Policy.Lane.Named("support")),
                0,
                Optional.empty()));
    Event first = stage.offer(A);
    Event second = stage.offer(B);
    FakeStep step = stage.source.started();
    assertEquals(first, step.event());
    stage.settle();
    assertEquals(0, stage.source.unseen());
    step.complete();
    step = stage.source.started();
    assertEquals(second, step.event());
    step.complete();
  }

  @Test
  void policyDecidesWhetherEventsOfAChannelWait() throws InterruptedException {
    stage.settle();
    verdict =
        runs(policy(Optional.empty(), Optional.of(new Policy.Lane.Free()), 0, Optional.empty()));
    stage.offer(A);
    stage.offer(A);
    FakeStep first = stage.source.started();
    FakeStep second = stage.source.started();
    first.complete();
    second.complete();
  }

  @Test
  void soManyRunsOfAnEventAreThereAtOnceAndNoMore() throws InterruptedException {
    stage.settle();
    verdict = runs(policy(Optional.empty(), Optional.empty(), 2, Optional.empty()));
    for (int i = 0; i < 5; i++) {
      stage.offer("module/m" + i + "/event/user-created");
    }
    stage.source.runs("user-removed", "10other");
    stage.offer("module/m9/event/user-removed");
    List<FakeStep> started = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      started.add(stage.source.started());
    }
    FakeStep other =
        started.stream()
            .filter(step -> step.toString().equals("10other"))
            .findFirst()
            .orElseThrow();
    started.remove(other);
    other.complete();
    stage.settle();
    assertEquals(0, stage.source.unseen());
    assertEquals(3, stage.ask(stage.agent::waiting));
    started.forEach(FakeStep::complete);
    for (int i = 0; i < 3; i++) {
      stage.source.started().complete();
    }
    for (int i = 0; i < 6; i++) {
      stage.log.ended();
    }
    stage.settle();
    assertTrue(stage.ask(stage.agent::idle));
    assertEquals(0, stage.remembered());
  }

  @Test
  void stepsThatVanishLetTheNextOfABoundedEventRun() throws InterruptedException {
    stage.settle();
    verdict = runs(policy(Optional.empty(), Optional.empty(), 1, Optional.empty()));
    stage.offer(A);
    stage.offer(B);
    stage.offer("module/c1/event/user-created");
    FakeStep step = stage.source.started();
    stage.settle();
    stage.source.forget("user-created");
    step.complete();
    stage.log.ended();
    stage.settle();
    assertTrue(stage.ask(stage.agent::idle));
    assertEquals(0, stage.ask(stage.agent::waiting));
  }

  @Test
  void stepThatFailsForAWhileIsStartedAgainWithTheSameEvent() throws InterruptedException {
    stage.source.runs("user-created", "20second");
    stage.settle();
    verdict = retried(3, AT_ONCE);
    Event event = stage.offer(A);
    stage.source.started().complete();
    FakeStep second = stage.source.started();
    String run = second.run().variables().value("AGENT_STEP_RUN").orElseThrow();
    second.end(new Outcome.Failed(75));
    FakeStep again = stage.source.started();
    assertEquals("20second", again.toString());
    assertEquals(event, again.event());
    assertFalse(run.equals(again.run().variables().value("AGENT_STEP_RUN").orElseThrow()));
    again.complete();
    assertEquals(A + " completed 0 at 20second", stage.log.ended());
    assertEquals(
        1, stage.log.lines.stream().filter(line -> line.startsWith("retrying 20second 1")).count());
  }

  @Test
  void attemptsAreBoundedAndOtherFailuresAreFinal() throws InterruptedException {
    stage.settle();
    verdict = retried(2, AT_ONCE);
    stage.offer(A);
    stage.source.started().end(new Outcome.Failed(75));
    stage.source.started().end(new Outcome.Failed(75));
    assertEquals(A + " aborted 75 at 10first", stage.log.ended());
    stage.offer(A);
    stage.source.started().end(new Outcome.Failed(1));
    assertEquals(A + " aborted 1 at 10first", stage.log.ended());
    stage.offer(A);
    stage.source.started().end(new Outcome.Killed(9));
    assertEquals(A + " aborted -1 at 10first", stage.log.ended());
  }

  @Test
  void runThatWaitsForItsNextAttemptKeepsItsLaneAndLeavesItsPlace() throws InterruptedException {
    use(Stage.limits(1));
    stage.settle();
    verdict = retried(2, LONG);
    stage.offer(A);
    Event behind = stage.offer(A);
    stage.source.started().end(new Outcome.Failed(75));
    stage.settle();
    verdict = Verdict.AS_EVER;
    Event other = stage.offer(B);
    FakeStep step = stage.source.started();
    assertEquals(other, step.event());
    step.complete();
    stage.log.ended();
    stage.settle();
    assertEquals(0, stage.source.unseen());
    assertFalse(stage.ask(stage.agent::idle));
    stage.ask(
        () -> {
          stage.agent.stop(Duration.ZERO);
          return "";
        });
    assertEquals(A + " stopped -1 at 10first", stage.log.ended());
    assertTrue(stage.ask(stage.agent::idle));
    assertEquals(0, stage.timers());
    assertEquals(0, stage.ask(stage.agent::waiting));
    assertEquals(0, stage.source.unseen(), () -> behind + " has run");
  }

  @Test
  void delaysDoubleUpToTheLongest() {
    Policy.Retry retry =
        new Policy.Retry(100, Duration.ofSeconds(1), Duration.ofSeconds(10), Optional.empty());
    Outcome failed = new Outcome.Failed(3);
    assertEquals(Optional.of(Duration.ofSeconds(1)), retry.after(failed, 1, 1));
    assertEquals(Optional.of(Duration.ofSeconds(4)), retry.after(failed, 3, 1));
    assertEquals(Optional.of(Duration.ofSeconds(10)), retry.after(failed, 5, 1));
    assertEquals(Optional.of(Duration.ofSeconds(10)), retry.after(failed, 99, 1));
    assertEquals(Optional.of(Duration.ofSeconds(5)), retry.after(failed, 99, 0));
    assertEquals(Optional.empty(), retry.after(failed, 100, 1));
    assertEquals(
        Optional.of(Duration.ofMillis(500)), retry.after(new Outcome.TimedOut(LONG), 1, 0));
    assertEquals(Optional.empty(), retry.after(new Outcome.Skipped("why"), 1, 0));
  }
}
