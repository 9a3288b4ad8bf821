package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;

@Timeout(60)
final class LanesTests {
  private static final String A = "module/a1/event/user-created";
  private static final String B = "module/b1/event/user-created";

  private static Stage stage(Limits limits) {
    Stage stage = new Stage(limits);
    stage.source.runs("user-created", "10first");
    return stage;
  }

  @Nested
  final class Order {
    @Test
    void eventsOfAChannelRunOneAfterTheOther() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(32))) {
        Event first = stage.offer(A);
        Event second = stage.offer(A);
        Event third = stage.offer(A);
        for (Event expected : List.of(first, second, third)) {
          FakeStep step = stage.source.started();
          stage.settle();
          assertEquals(0, stage.source.unseen(), "steps of one channel run side by side");
          assertEquals(expected, step.event());
          step.complete();
        }
      }
    }

    @Test
    void channelsRunSideBySide() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(32))) {
        stage.offer(A);
        stage.offer(A);
        stage.offer(B);
        assertEquals(A, stage.source.started().event().channel().toString());
        assertEquals(B, stage.source.started().event().channel().toString());
        assertEquals(2, stage.ask(stage.agent::running));
        assertEquals(1, stage.ask(stage.agent::waiting));
      }
    }

    @Test
    void sameNameFromAnotherSourceIsAnotherChannel() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(32))) {
        stage.source.runs("user-removed", "10first");
        stage.offer("module/a1/event/user-created");
        stage.offer("module/a1/event/user-removed");
        stage.offer("module/a2/event/user-created");
        stage.settle();
        assertEquals(3, stage.source.unseen());
      }
    }

    @Test
    void floodOnOneChannelDelaysAnotherByOneRun() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(1))) {
        for (int i = 0; i < 500; i++) {
          stage.offer(A);
        }
        FakeStep running = stage.source.started();
        stage.offer(B);
        running.complete();
        assertEquals(B, stage.source.started().event().channel().toString());
      }
    }

    @Test
    void channelsWithMuchToDoTakeTurns() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(1))) {
        for (int i = 0; i < 3; i++) {
          stage.offer(A);
        }
        for (int i = 0; i < 3; i++) {
          stage.offer(B);
        }
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          FakeStep step = stage.source.started();
          order.add(step.event().id());
          step.complete();
        }
        assertEquals(List.of("1", "4", "2", "5", "3", "6"), order);
      }
    }

    @Test
    void withoutOrderingEventsOfAChannelRunSideBySideUpToTheBound() throws InterruptedException {
      Limits limits = new Limits(3, Limits.DEFAULT.queue(), Limits.Ordering.NONE, Duration.ZERO);
      try (Stage stage = stage(limits)) {
        for (int i = 0; i < 5; i++) {
          stage.offer(A);
        }
        stage.settle();
        assertEquals(3, stage.source.unseen());
        assertEquals(2, stage.ask(stage.agent::waiting));
        stage.source.started().complete();
        stage.settle();
        assertEquals(3, stage.source.unseen());
        assertEquals(1, stage.ask(stage.agent::waiting));
      }
    }
  }

  @Nested
  final class Queue {
    private Stage queueOf(int events, long bytes) {
      return stage(
          new Limits(1, new Limits.Queue(events, bytes), Limits.Ordering.CHANNEL, Duration.ZERO));
    }

    @Test
    void rejectsOnlyTheEventBeyondTheBoundOfEvents() throws InterruptedException {
      try (Stage stage = queueOf(3, 1000)) {
        for (int i = 0; i < 4; i++) {
          stage.offer(A);
        }
        stage.settle();
        assertEquals(List.of(), stage.log.rejected);
        Event beyond = stage.offer(B);
        stage.settle();
        assertEquals(List.of(beyond), stage.log.rejected);
        stage.source.started().complete();
        stage.offer(B);
        stage.settle();
        assertEquals(List.of(beyond), stage.log.rejected, "there was room again");
      }
    }

    @Test
    void rejectsOnlyTheEventBeyondTheBoundOfBytes() throws InterruptedException {
      try (Stage stage = queueOf(100, 10)) {
        stage.offer(A, "x".repeat(50));
        stage.offer(A, "x".repeat(6));
        stage.offer(A, "x".repeat(4));
        stage.settle();
        assertEquals(List.of(), stage.log.rejected, "the one that runs does not wait");
        Event beyond = stage.offer(A, "x");
        Event empty = stage.offer(A, "");
        stage.settle();
        assertEquals(List.of(beyond), stage.log.rejected);
        stage.source.started().complete();
        assertEquals(6, stage.source.started().event().payload().size());
        stage.offer(A, "x".repeat(6));
        stage.settle();
        assertEquals(List.of(beyond), stage.log.rejected, "its bytes were given back");
        assertEquals(0, empty.payload().size());
      }
    }

    @Test
    void ofNoneStillRunsWhatFindsAPlace() throws InterruptedException {
      try (Stage stage = queueOf(0, 0)) {
        stage.offer(A, "payload");
        Event beyond = stage.offer(A, "");
        stage.settle();
        assertEquals(List.of(beyond), stage.log.rejected);
        stage.source.started().complete();
        stage.offer(A, "payload");
        assertEquals("3", stage.source.started().event().id());
      }
    }
  }

  @Nested
  final class Memory {
    @Test
    void channelsAreForgottenWhenNothingIsLeft() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(2))) {
        for (int i = 0; i < 50; i++) {
          stage.offer("module/m" + i + "/event/user-created");
        }
        assertEquals(50, stage.remembered());
        for (int i = 0; i < 50; i++) {
          stage.source.started().complete();
          stage.log.ended();
        }
        assertEquals(0, stage.remembered());
        assertTrue(stage.ask(stage.agent::idle));
      }
    }

    @Test
    void channelsWithoutStepsAreForgotten() {
      try (Stage stage = stage(Stage.limits(2))) {
        for (int i = 0; i < 50; i++) {
          stage.offer("module/m" + i + "/event/nobody-cared");
        }
        assertEquals(0, stage.remembered());
      }
    }

    @Test
    void channelsOfRejectedEventsAreForgotten() {
      Limits limits = new Limits(1, new Limits.Queue(0, 0), Limits.Ordering.CHANNEL, Duration.ZERO);
      try (Stage stage = stage(limits)) {
        for (int i = 0; i < 50; i++) {
          stage.offer("module/m" + i + "/event/user-created");
        }
        assertEquals(1, stage.remembered());
        assertEquals(49, stage.log.rejected.size());
      }
    }
  }

  @Nested
  final class Ends {
    @Test
    void eventWhoseStepsVanishedMakesRoomForTheNext() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(1))) {
        stage.source.runs("user-removed", "10first");
        stage.offer(A);
        FakeStep running = stage.source.started();
        stage.offer("module/a1/event/user-removed");
        stage.offer("module/a1/event/user-removed");
        stage.offer(B);
        stage.settle();
        stage.source.forget("user-removed");
        running.complete();
        FakeStep next = stage.source.started();
        assertEquals(B, next.event().channel().toString());
        next.complete();
        stage.settle();
        assertEquals(0, stage.ask(stage.agent::waiting));
        assertEquals(0, stage.remembered());
        assertEquals(1, stage.idled.get());
      }
    }

    @Test
    void tellsOnceThatAllIsDone() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(1))) {
        stage.offer(A);
        stage.offer(B);
        stage.source.started().complete();
        FakeStep last = stage.source.started();
        stage.settle();
        assertEquals(0, stage.idled.get());
        assertFalse(stage.ask(stage.agent::idle));
        last.complete();
        stage.settle();
        assertEquals(1, stage.idled.get());
        assertTrue(stage.ask(stage.agent::idle));
      }
    }

    @Test
    void stopEndsWhatRunsAndForgetsWhatWaits() throws InterruptedException {
      try (Stage stage = stage(Stage.limits(2))) {
        stage.offer(A);
        stage.offer(A);
        stage.offer(B);
        FakeStep a = stage.source.started();
        FakeStep b = stage.source.started();
        stage.offer("module/c1/event/user-created");
        stage.ask(
            () -> {
              stage.agent.stop(Duration.ofMillis(800));
              return true;
            });
        stage.offer("module/c1/event/user-created");
        assertEquals(Duration.ofMillis(800), a.stopped());
        assertEquals(Duration.ofMillis(800), b.stopped());
        assertEquals(0, stage.ask(stage.agent::waiting));
        a.end(new Outcome.Killed(15));
        b.complete();
        assertEquals(A + " stopped -1 at 10first", stage.log.ended());
        assertEquals(B + " stopped -1 at 10first", stage.log.ended());
        stage.settle();
        assertEquals(0, stage.source.unseen());
        assertEquals(1, stage.idled.get());
        assertEquals(0, stage.remembered());
        assertEquals(List.of(), stage.log.rejected, "an agent that stops is not busy");
      }
    }
  }
}
