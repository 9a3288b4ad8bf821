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
final class KillTests {
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
            try {
              assertTrue(goOn.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      assertTrue(stuck.await(20, TimeUnit.SECONDS));
      stage.lanes.kill();
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
