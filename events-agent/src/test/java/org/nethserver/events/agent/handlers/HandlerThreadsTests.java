package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Outcome;

@Timeout(60)
final class HandlerThreadsTests {
  private HandlerStage stage = new HandlerStage(4, Duration.ZERO);

  @AfterEach
  void close() {
    stage.close();
  }

  private Thread threadOfACall() throws InterruptedException {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    stage
        .run(
            (_, _) -> {
              thread.complete(Thread.currentThread());
              return HandlerResult.success();
            })
        .outcome();
    return thread.join();
  }

  @Test
  void callAfterCallIsMadeByOneThread() throws InterruptedException {
    Thread first = threadOfACall();
    assertEquals("handler-1", first.getName());
    assertTrue(first.isDaemon());
    assertFalse(first.isVirtual());
    for (int i = 0; i < 1000; i++) {
      assertSame(first, threadOfACall());
    }
  }

  @Test
  void interruptionBetweenCallsReachesNoCallAndLetsTheThreadSleep() throws InterruptedException {
    Thread thread = threadOfACall();
    thread.interrupt();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.isInterrupted()) {
      assertTrue(System.nanoTime() - deadline < 0, "the idle thread is still interrupted");
      Thread.onSpinWait();
    }
    assertSame(thread, threadOfACall());
  }

  @Test
  void asManyCallsAsThereArePlacesRunAtOnce() throws InterruptedException {
    CyclicBarrier all = new CyclicBarrier(4);
    List<Heard> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(
          stage.run(
              (_, _) -> {
                all.await(20, TimeUnit.SECONDS);
                return HandlerResult.success();
              }));
    }
    for (Heard call : calls) {
      assertEquals(new Outcome.Completed(), call.outcome());
    }
  }

  @Test
  void renewedThreadsAreOthersAndTheOldOnesEnd() throws InterruptedException {
    Thread idle = threadOfACall();
    stage.steps.renewThreads();
    assertTrue(idle.join(Duration.ofSeconds(20)), "the idle thread ends");
    assertNotSame(idle, threadOfACall());
  }

  @Test
  void busyThreadEndsAfterItsCallWhenThreadsAreRenewed() throws InterruptedException {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<Void> released = new CompletableFuture<>();
    Heard heard =
        stage.run(
            (_, _) -> {
              thread.complete(Thread.currentThread());
              released.join();
              return HandlerResult.success();
            });
    Thread busy = thread.join();
    stage.steps.renewThreads();
    released.complete(null);
    assertEquals(new Outcome.Completed(), heard.outcome());
    assertTrue(busy.join(Duration.ofSeconds(20)), "the busy thread ends");
    assertEquals("handler-1", threadOfACall().getName());
  }

  @Test
  void closedThreadsEnd() throws InterruptedException {
    Thread idle = threadOfACall();
    stage.steps.close();
    assertTrue(idle.join(Duration.ofSeconds(20)), "the idle thread ends");
  }
}
