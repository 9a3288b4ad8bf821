package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class DispatcherTests {
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<Object> ran = new LinkedBlockingQueue<>();
  private final Dispatcher dispatcher = new Dispatcher(failures::add);

  @BeforeEach
  void start() {
    dispatcher.start();
  }

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private Object next() throws InterruptedException {
    Object next = ran.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing more has run within 20 s");
    }
    return next;
  }

  @Test
  void tasksRunInTheOrderInWhichEachThreadLeftThem() throws InterruptedException {
    int perThread = 20_000;
    List<Thread> threads = new ArrayList<>();
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
    for (List<Integer> mine : seen) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < perThread; i++) {
                      int number = i;
                      dispatcher.execute(() -> mine.add(number));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    dispatcher.execute(() -> ran.add("done"));
    assertEquals("done", next());
    List<Integer> expected = IntStream.range(0, perThread).boxed().toList();
    assertEquals(expected, seen.get(0));
    assertEquals(expected, seen.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noTaskIsOverlookedWhenTheThreadFallsAsleep(int threads) throws InterruptedException {
    // In each round all wait, spinning, for the tasks of all: so the next come just when the
    // dispatch thread looks for the last time, and nobody else comes to wake it.
    AtomicInteger tasks = new AtomicInteger();
    AtomicInteger overlooked = new AtomicInteger();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    CyclicBarrier begin = new CyclicBarrier(threads);
    Runnable hammer =
        () -> {
          try {
            begin.await();
          } catch (InterruptedException | BrokenBarrierException e) {
            failures.add(e);
          }
          for (int round = 1; overlooked.get() == 0 && round < 200_000; round++) {
            dispatcher.execute(() -> tasks.updateAndGet(DispatcherTests::oneMore));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            for (int spins = 1; tasks.get() < round * threads; spins++) {
              if (spins % 10_000 == 0) {
                Thread.yield();
                if (System.nanoTime() > deadline) {
                  overlooked.incrementAndGet();
                  return;
                }
              }
            }
            if (System.nanoTime() > end) {
              tasks.set(Integer.MAX_VALUE); // lets the other go, too
              return;
            }
          }
        };
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(Thread.ofPlatform().start(hammer));
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertEquals(0, overlooked.get(), "a task was left lying for 10 s");
    assertTrue(failures.isEmpty(), failures::toString);
  }

  /** Counts no further than to the end of the round that ended all. */
  private static int oneMore(int tasks) {
    return tasks == Integer.MAX_VALUE ? tasks : tasks + 1;
  }

  @Test
  void timersRunWhenDueInTheirOrder() throws InterruptedException {
    dispatcher.execute(
        () -> {
          dispatcher.after(Duration.ofMillis(60), () -> ran.add("third"));
          dispatcher.after(Duration.ofMillis(30), () -> ran.add("first"));
          dispatcher.after(Duration.ofMillis(30), () -> ran.add("second"));
        });
    long start = System.nanoTime();
    assertEquals("first", next());
    assertTrue(System.nanoTime() - start >= 29_000_000, "a timer ran too early");
    assertEquals("second", next());
    assertEquals("third", next());
    assertTrue(System.nanoTime() - start >= 59_000_000, "a timer ran too early");
  }

  @Test
  void timersOfOneMomentRunInTheOrderInWhichTheyWereMade() throws InterruptedException {
    dispatcher.execute(
        () -> {
          for (int i = 0; i < 100; i++) {
            int number = i;
            dispatcher.after(Duration.ZERO, () -> ran.add(number));
          }
        });
    for (int i = 0; i < 100; i++) {
      assertEquals(i, next());
    }
  }

  @Test
  void sleepUntilATimerEndsForATask() throws InterruptedException {
    dispatcher.execute(() -> dispatcher.after(Duration.ofHours(1), () -> ran.add("late")));
    dispatcher.execute(() -> ran.add("task"));
    assertEquals("task", next());
  }

  @Test
  void timerBeyondAllClocksWaits() throws InterruptedException {
    dispatcher.execute(() -> dispatcher.after(Duration.ofDays(36_500), () -> ran.add("late")));
    dispatcher.execute(() -> dispatcher.after(Duration.ofMillis(1), () -> ran.add("soon")));
    assertEquals("soon", next());
  }

  @Test
  void cancelledTimerDoesNotRun() throws InterruptedException {
    dispatcher.execute(
        () -> {
          Dispatcher.Timer timer =
              dispatcher.after(Duration.ofMillis(5), () -> ran.add("cancelled"));
          dispatcher.after(Duration.ofMillis(5), () -> ran.add("left"));
          dispatcher.cancel(timer);
          dispatcher.cancel(timer);
          dispatcher.cancel(null);
        });
    assertEquals("left", next());
    assertTrue(ran.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        NoClassDefFoundError.class,
        StackOverflowError.class,
        AssertionError.class
      })
  void goesOnAfterATaskThatThrows(Class<? extends Throwable> kind)
      throws InterruptedException, ReflectiveOperationException {
    Throwable failure = kind.getDeclaredConstructor().newInstance();
    dispatcher.execute(
        () -> {
          switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("not to be thrown here");
          }
        });
    dispatcher.execute(() -> ran.add("next"));
    assertEquals("next", next());
    assertEquals(failure, failures.poll());
  }

  @Test
  void closeWaitsForTheTasksThatWereLeftBefore() {
    CountDownLatch begun = new CountDownLatch(1);
    for (int i = 0; i < 1000; i++) {
      dispatcher.execute(() -> ran.add("task"));
    }
    dispatcher.execute(begun::countDown);
    dispatcher.close();
    assertEquals(1000, ran.size());
    assertEquals(0, begun.getCount());
    dispatcher.execute(() -> ran.add("after the end"));
    dispatcher.close();
    assertEquals(1000, ran.size());
  }

  @Test
  void canBeClosedByItsOwnThread() throws InterruptedException {
    dispatcher.execute(
        () -> {
          dispatcher.close();
          ran.add("closed");
        });
    assertEquals("closed", next());
  }
}
