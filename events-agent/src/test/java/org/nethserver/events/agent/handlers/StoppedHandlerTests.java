package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;

@Timeout(60)
final class StoppedHandlerTests {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Heard heard = new Heard();
  private HandlerStage stage = new HandlerStage(2, LONG);

  @AfterEach
  void close() {
    release.countDown();
    stage.close();
  }

  private Step.Execution start(HandlerStage.Body body) throws InterruptedException {
    Step.Execution call =
        stage
            .step(
                (event, context) -> {
                  inside.countDown();
                  return body.handle(event, context);
                })
            .start(HandlerStage.RUN, heard);
    assertTrue(inside.await(20, TimeUnit.SECONDS), "the handler is called");
    return call;
  }

  /** Runs until the test ends, whatever anybody says. */
  private HandlerResult spin() {
    while (release.getCount() > 0) {
      Thread.onSpinWait();
    }
    return HandlerResult.success();
  }

  @Test
  void sleepingHandlerIsInterruptedAndEndsAsByTerm() throws InterruptedException {
    Step.Execution call =
        start(
            (_, _) -> {
              release.await();
              return HandlerResult.success();
            });
    call.stop(LONG);
    assertEquals(new Outcome.Killed(15), heard.outcome());
    assertEquals(List.of(), heard.lines);
  }

  @Test
  void whatAnInterruptedHandlerReturnsCounts() throws InterruptedException {
    Step.Execution call =
        start(
            (_, context) -> {
              while (!context.isCancelled()) {
                Thread.onSpinWait();
              }
              return HandlerResult.failure(3, "half done");
            });
    call.stop(LONG);
    assertEquals(new Outcome.Failed(3), heard.outcome());
    assertEquals(List.of("<3>half done"), heard.lines);
  }

  @Test
  void interruptionDoesNotReachTheNextCallOfTheThread() throws InterruptedException {
    Step.Execution call =
        start(
            (_, context) -> {
              while (!context.isCancelled()) {
                Thread.onSpinWait();
              }
              return HandlerResult.success();
            });
    call.stop(LONG);
    heard.outcome();
    call.stop(LONG);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    stage
        .run(
            (_, _) -> {
              interrupted.complete(Thread.currentThread().isInterrupted());
              return HandlerResult.success();
            })
        .outcome();
    assertFalse(interrupted.join());
  }

  @Test
  void endlessLoopIsGivenUpAfterTheGraceAndCounted() throws InterruptedException {
    Step.Execution call = start((_, _) -> spin());
    call.stop(SHORT);
    assertEquals(new Outcome.Killed(9), heard.outcome());
    assertEquals(1, stage.counters.abandoned.get());
    assertTrue(
        stage.counters.summary().endsWith(", 1 handler calls given up"), stage.counters.summary());
    assertEquals(
        "plugin \"search\" is stuck: its handler \"30index\" was interrupted amid"
            + " module/ldap1/event/user-created and has not returned; it is not called again until"
            + " the plugin is mended and loaded anew, or the agent restarts",
        stage.site.stuck.poll(20, TimeUnit.SECONDS));
    assertEquals(1, stage.site.inside.get());
  }

  @Test
  void callThatReturnsAfterItWasGivenUpTellsNoSecondEnd() throws InterruptedException {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Step.Execution call =
        start(
            (_, _) -> {
              thread.complete(Thread.currentThread());
              return spin();
            });
    call.stop(Duration.ZERO);
    assertEquals(new Outcome.Killed(9), heard.outcome());
    release.countDown();
    assertTrue(thread.join().join(Duration.ofSeconds(20)), "the thread ends with its call");
    assertFalse(heard.endedAgain());
    assertEquals(0, stage.site.inside.get());
  }

  @Test
  void laterStopShortensTheGrace() throws InterruptedException {
    Step.Execution call = start((_, _) -> spin());
    call.stop(LONG);
    call.stop(SHORT);
    assertEquals(new Outcome.Killed(9), heard.outcome());
    call.stop(Duration.ZERO);
    assertFalse(heard.endedAgain());
    assertEquals(1, stage.site.stuck.size());
  }

  @Test
  void stopOfAnEndedCallDoesNothing() throws InterruptedException {
    Step.Execution call = start((_, _) -> HandlerResult.success());
    assertEquals(new Outcome.Completed(), heard.outcome());
    call.stop(Duration.ZERO);
    assertFalse(heard.endedAgain());
    assertNull(stage.site.stuck.peek());
  }

  @Test
  void threadsOfCallsThatWereGivenUpKeepTheirPlaces() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      Heard each = new Heard();
      CountDownLatch called = new CountDownLatch(1);
      Step.Execution call =
          stage
              .step(
                  (_, _) -> {
                    called.countDown();
                    return spin();
                  },
                  new FakeSite("stuck" + i))
              .start(HandlerStage.RUN, each);
      assertTrue(called.await(20, TimeUnit.SECONDS), "the handler is called");
      call.stop(Duration.ZERO);
      each.outcome();
    }
    AtomicBoolean called = new AtomicBoolean();
    Heard third = new Heard();
    stage
        .step(
            (_, _) -> {
              called.set(true);
              return HandlerResult.success();
            })
        .start(HandlerStage.RUN, third);
    assertEquals(
        new Outcome.Skipped(
            "no thread is free: 2 of 2 are held by calls that do not return, of plugin \"stuck0\","
                + " \"stuck1\"; mend it and restart the agent"),
        third.outcome());
    assertEquals(List.of("ended"), third.order);
    assertFalse(called.get());
    assertEquals(0, stage.site.inside.get());
    release.countDown();
    HandlerStage.await("a place is free again", () -> completes());
  }

  private boolean completes() {
    try {
      return stage.run((_, _) -> HandlerResult.success()).outcome() instanceof Outcome.Completed;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void contextOfAStoppedCallSaysSo() throws InterruptedException {
    CompletableFuture<HandlerContext> seen = new CompletableFuture<>();
    Step.Execution call =
        start(
            (_, context) -> {
              seen.complete(context);
              return spin();
            });
    assertFalse(seen.join().isCancelled());
    call.stop(LONG);
    assertTrue(seen.join().isCancelled());
  }
}
