package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;

/** Thousands of events on many channels, whose steps end on other threads in any order. */
@Timeout(120)
final class StormTests {
  private static final int PLACES = 7;
  private static final int CHANNELS = 61;
  private static final int EVENTS = 8_000;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final BlockingQueue<Runnable> toEnd = new LinkedBlockingQueue<>();

  /** The ids of the events of each channel in the order in which they ran; dispatch thread only. */
  private final Map<String, List<Integer>> ran = new HashMap<>();

  private Step step() {
    return (run, listener) -> {
      int now = running.incrementAndGet();
      mostRunning.accumulateAndGet(now, Math::max);
      ran.computeIfAbsent(run.event().channel().toString(), _ -> new ArrayList<>())
          .add(Integer.parseInt(run.event().id()));
      listener.started();
      toEnd.add(
          () -> {
            running.decrementAndGet();
            listener.ended(new Outcome.Completed());
          });
      return _ -> {};
    };
  }

  private void endInAnyOrder(long seed) {
    Random random = new Random(seed);
    List<Runnable> some = new ArrayList<>();
    try {
      while (true) {
        some.add(toEnd.take());
        toEnd.drainTo(some, random.nextInt(4));
        while (!some.isEmpty()) {
          some.remove(random.nextInt(some.size())).run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test is over
    }
  }

  private Stage storm(Limits.Ordering ordering) throws InterruptedException {
    Limits limits =
        new Limits(PLACES, new Limits.Queue(EVENTS, 1 << 30), ordering, Duration.ofHours(1));
    ExecutorService enders = Executors.newFixedThreadPool(2);
    try (Stage stage = new Stage(limits)) {
      enders.execute(() -> endInAnyOrder(1));
      enders.execute(() -> endInAnyOrder(2));
      stage.source.runs("user-created", "10first", step()).runs("user-created", "20next", step());
      Random random = new Random(3);
      for (int i = 0; i < EVENTS; i++) {
        stage.offer("module/m" + random.nextInt(CHANNELS) + "/event/user-created");
      }
      for (int i = 0; i < EVENTS; i++) {
        stage.log.ended();
      }
      assertEquals(List.of(), stage.log.rejected);
      assertEquals(PLACES, mostRunning.get(), "steps at once");
      assertEquals(0, stage.remembered(), "channels kept");
      assertEquals(0, stage.timers(), "timers kept");
      assertTrue(stage.ask(stage.agent::idle));
      return stage;
    } finally {
      enders.shutdownNow();
      assertTrue(enders.awaitTermination(20, TimeUnit.SECONDS), "the enders did not end");
    }
  }

  @Test
  void keepsTheBoundAndTheOrderOfEachChannel() throws InterruptedException {
    storm(Limits.Ordering.CHANNEL);
    assertEquals(CHANNELS, ran.size());
    assertEquals(2 * EVENTS, ran.values().stream().mapToInt(List::size).sum());
    ran.forEach(
        (channel, ids) -> {
          for (int i = 0; i < ids.size(); i += 2) {
            assertEquals(ids.get(i), ids.get(i + 1), "two runs of " + channel + " are mixed");
            assertTrue(i == 0 || ids.get(i - 1) < ids.get(i), channel + " out of order: " + ids);
          }
        });
  }

  @Test
  void keepsTheBoundWithoutOrdering() throws InterruptedException {
    storm(Limits.Ordering.NONE);
    assertEquals(2 * EVENTS, ran.values().stream().mapToInt(List::size).sum());
  }
}
