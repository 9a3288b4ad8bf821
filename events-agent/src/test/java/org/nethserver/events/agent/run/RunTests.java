package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.api.Outcome;

@Timeout(60)
final class RunTests {
  private static final String CHANNEL = "cluster/event/user-created";

  private Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void stepsRunOneAfterTheOther() throws InterruptedException {
    stage.source.runs("user-created", "20second").runs("user-created", "10first");
    stage.offer(CHANNEL);
    FakeStep first = stage.source.started();
    stage.settle();
    assertEquals(0, stage.source.unseen());
    first.write("hello");
    first.complete();
    stage.source.started().complete();
    assertEquals(CHANNEL + " completed 0 at 20second", stage.log.ended());
    assertEquals(
        List.of(
            "start 10first",
            "STDOUT 10first hello",
            "end 10first Completed[]",
            "start 20second",
            "end 20second Completed[]"),
        stage.log.lines);
  }

  @Test
  void eachStartHasAnIdOfItsOwnAndTheVariablesOfTheEvent() throws InterruptedException {
    stage.source.runs("user-created", "10first").runs("user-created", "20second");
    stage.offer(CHANNEL);
    FakeStep first = stage.source.started();
    first.complete();
    FakeStep second = stage.source.started();
    assertNotEquals(first.run().id(), second.run().id());
    assertEquals(Optional.of(second.run().id()), second.run().variables().value("AGENT_STEP_RUN"));
    assertEquals(Optional.of("1"), second.run().variables().value("AGENT_EVENT_ID"));
    assertEquals(Stage.DIRECTORY, second.run().directory());
  }

  @Nested
  final class Failures {
    @ParameterizedTest
    @CsvSource({"failed, aborted 37", "killed, aborted -1"})
    void failingStepAbortsTheRun(String how, String status) throws InterruptedException {
      stage.source.runs("user-created", "10first").runs("user-created", "20second");
      stage.offer(CHANNEL);
      stage
          .source
          .started()
          .end(how.equals("failed") ? new Outcome.Failed(37) : new Outcome.Killed(9));
      assertEquals(CHANNEL + " " + status + " at 10first", stage.log.ended());
      stage.settle();
      assertEquals(0, stage.source.unseen());
    }

    @Test
    void stepThatEndsTwiceStartsTheNextOnce() throws InterruptedException {
      for (String step : List.of("10first", "20second", "30third")) {
        stage.source.runs("user-created", step);
      }
      stage.offer(CHANNEL);
      FakeStep first = stage.source.started();
      first.complete();
      first.complete();
      FakeStep second = stage.source.started();
      stage.settle();
      assertEquals(0, stage.source.unseen());
      second.complete();
      stage.source.started().complete();
      assertEquals(CHANNEL + " completed 0 at 30third", stage.log.ended());
      first.end(new Outcome.Failed(1));
      stage.settle();
      assertFalse(stage.log.hasEnds(), "the run ended twice");
      assertEquals(0, stage.ask(stage.agent::running));
    }

    @Test
    void stepWhoseStartThrowsIsSkipped() throws InterruptedException {
      stage
          .source
          .runs(
              "user-created",
              "10broken",
              (_, _) -> {
                throw new IllegalStateException("no more processes");
              })
          .runs("user-created", "20second");
      stage.offer(CHANNEL);
      stage.source.started().complete();
      assertEquals(CHANNEL + " completed 0 at 20second", stage.log.ended());
      assertTrue(
          stage.log.lines.getFirst().startsWith("end 10broken Skipped[why=it failed to start: "),
          stage.log.lines::getFirst);
      assertTrue(stage.log.lines.getFirst().contains("no more processes"));
    }

    @Test
    void stepOfWhichAClassIsMissingIsSkipped() throws InterruptedException {
      stage
          .source
          .runs(
              "user-created",
              "10broken",
              (_, _) -> {
                throw new NoClassDefFoundError("org/example/Missing");
              })
          .runs("user-created", "20second");
      stage.offer(CHANNEL);
      stage.source.started().complete();
      assertEquals(CHANNEL + " completed 0 at 20second", stage.log.ended());
      assertEquals(0, stage.ask(stage.agent::running));
    }
  }

  @Nested
  final class Skips {
    @Test
    void stepThatCannotBeStartedIsFollowedByTheNext() throws InterruptedException {
      stage
          .source
          .refuses("user-created", "10refused", "world-writable")
          .runs("user-created", "20vanished", FakeStarts.skipping("gone"))
          .runs("user-created", "30third");
      stage.offer(CHANNEL);
      stage.source.started().complete();
      assertEquals(CHANNEL + " completed 0 at 30third", stage.log.ended());
      assertEquals(
          List.of(
              "end 10refused Skipped[why=world-writable]",
              "end 20vanished Skipped[why=gone]",
              "start 30third",
              "end 30third Completed[]"),
          stage.log.lines);
    }

    @Test
    void runOfSkippedStepsAloneIsCompletedAtTheLast() throws InterruptedException {
      stage
          .source
          .refuses("user-created", "10refused", "world-writable")
          .refuses("user-created", "20refused", "world-writable");
      stage.offer(CHANNEL);
      assertEquals(CHANNEL + " completed 0 at 20refused", stage.log.ended());
    }

    @Test
    void maskedAndPassedOverStepsAreNotTold() throws InterruptedException {
      stage
          .source
          .masks("user-created", "10masked")
          .passesOver("user-created", "20copy~", "a backup")
          .runs("user-created", "30third");
      stage.offer(CHANNEL);
      stage.source.started().complete();
      stage.log.ended();
      assertEquals(List.of("start 30third", "end 30third Completed[]"), stage.log.lines);
    }

    @Test
    void stepThatEndsWithinItsStartIsFollowedByTheNext() throws InterruptedException {
      stage
          .source
          .runs("user-created", "10quick", FakeStarts.ending(new Outcome.Completed()))
          .runs("user-created", "20second");
      stage.offer(CHANNEL);
      stage.source.started().complete();
      assertEquals(CHANNEL + " completed 0 at 20second", stage.log.ended());
    }
  }

  @Nested
  final class TimeLimits {
    private void limit(Duration limit) {
      stage.close();
      stage = new Stage(new Limits(32, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, limit));
      stage.source.runs("user-created", "10slow").runs("user-created", "20second");
    }

    @Test
    void stepBeyondItsLimitIsEndedAndTheRunTimedOut() throws InterruptedException {
      limit(Duration.ofMillis(10));
      stage.offer(CHANNEL);
      FakeStep slow = stage.source.started();
      assertEquals(Duration.ofSeconds(10), slow.stopped());
      slow.end(new Outcome.Killed(15));
      assertEquals(CHANNEL + " timed-out -1 at 10slow", stage.log.ended());
      assertEquals("end 10slow TimedOut[limit=PT0.01S]", stage.log.lines.getLast());
      stage.settle();
      assertEquals(0, stage.source.unseen());
    }

    @Test
    void limitIsForOneStepNotForTheRun() throws InterruptedException {
      limit(Duration.ofHours(1));
      stage.offer(CHANNEL);
      FakeStep first = stage.source.started();
      assertEquals(1, stage.timers());
      first.complete();
      stage.source.started();
      assertEquals(1, stage.timers(), "the first step's timer is left");
    }

    @Test
    void endedStepsLeaveNoTimer() throws InterruptedException {
      limit(Duration.ofHours(1));
      stage.offer(CHANNEL);
      stage.source.started().end(new Outcome.Failed(1));
      stage.log.ended();
      assertEquals(0, stage.timers());
    }

    @Test
    void stoppedStepIsNotReportedAsTimedOutLater() throws InterruptedException {
      limit(Duration.ofMillis(200));
      stage.offer(CHANNEL);
      FakeStep slow = stage.source.started();
      stage.dispatcher.execute(() -> stage.agent.stop(Duration.ofHours(1)));
      assertEquals(Duration.ofHours(1), slow.stopped());
      assertEquals(Duration.ofSeconds(10), slow.stopped(), "the limit still shortens the grace");
      slow.end(new Outcome.Killed(15));
      assertEquals(CHANNEL + " stopped -1 at 10slow", stage.log.ended());
      assertEquals("end 10slow Stopped[]", stage.log.lines.getLast());
    }

    @Test
    void zeroIsNoLimit() throws InterruptedException {
      limit(Duration.ZERO);
      stage.offer(CHANNEL);
      FakeStep slow = stage.source.started();
      assertEquals(0, stage.timers());
      assertTrue(slow.stops.isEmpty());
    }
  }
}
