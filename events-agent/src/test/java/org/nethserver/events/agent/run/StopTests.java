package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Outcome;

@Timeout(60)
final class StopTests {
  private static final String CHANNEL = "cluster/event/user-created";

  private static void stop(Stage stage, Duration grace) {
    stage.dispatcher.execute(() -> stage.agent.stop(grace));
  }

  @Test
  void stepThatHeedsTheSignalIsReportedAsStopped() throws InterruptedException {
    try (Stage stage = new Stage()) {
      stage.source.runs("user-created", "10first").runs("user-created", "20second");
      stage.offer(CHANNEL);
      FakeStep first = stage.source.started();
      stop(stage, Duration.ofSeconds(1));
      assertEquals(Duration.ofSeconds(1), first.stopped());
      first.complete();
      assertEquals(CHANNEL + " stopped -1 at 10first", stage.log.ended());
      assertEquals("end 10first Stopped[]", stage.log.lines.getLast());
      stage.settle();
      assertEquals(0, stage.source.unseen());
    }
  }

  @Test
  void secondStopShortensTheGrace() throws InterruptedException {
    try (Stage stage = new Stage()) {
      stage.source.runs("user-created", "10first");
      stage.offer(CHANNEL);
      FakeStep first = stage.source.started();
      stop(stage, Duration.ofSeconds(1));
      stop(stage, Duration.ZERO);
      assertEquals(Duration.ofSeconds(1), first.stopped());
      assertEquals(Duration.ZERO, first.stopped());
    }
  }

  @Test
  void noStepStartsAfterAStopThatFindsTheRunBetweenTwo() throws InterruptedException {
    try (Stage stage = new Stage()) {
      stage.source.refuses("user-created", "10refused", "why").runs("user-created", "20second");
      CountDownLatch bothLeft = new CountDownLatch(1);
      stage.dispatcher.execute(() -> awaitIt(bothLeft));
      // The refused step's end is a task behind the stop.
      stage.offer(CHANNEL);
      stop(stage, Duration.ofSeconds(1));
      bothLeft.countDown();
      assertEquals(CHANNEL + " stopped -1 at 10refused", stage.log.ended());
      stage.settle();
      assertEquals(0, stage.source.unseen());
    }
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void runningStepsAreKilledThoughTheDispatchThreadIsStuck() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Stage stage = new Stage()) {
      stage.source.runs("user-created", "10first");
      stage.offer("module/a1/event/user-created");
      stage.offer("module/b1/event/user-created");
      FakeStep first = stage.source.started();
      FakeStep second = stage.source.started();
      stage.dispatcher.execute(
          () -> {
            stuck.countDown();
            awaitIt(goOn);
          });
      assertTrue(stuck.await(20, TimeUnit.SECONDS));
      stage.agent.kill();
      assertEquals(Duration.ZERO, first.stopped());
      assertEquals(Duration.ZERO, second.stopped());
      goOn.countDown();
      first.end(new Outcome.Killed(9));
      assertEquals(
          "module/a1/event/user-created aborted -1 at 10first",
          stage.log.ended(),
          "a killed step ends its run as any other");
    }
  }
}
