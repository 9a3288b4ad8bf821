package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener.Stream;

@Timeout(60)
final class JavaStepTests {
  private HandlerStage stage = new HandlerStage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void sourcesAreThoseOfItsSite() {
    assertTrue(stage.step((_, _) -> HandlerResult.success()).answers(new EventSource("module/a1")));
    assertFalse(stage.step((_, _) -> HandlerResult.success()).answers(new EventSource("cluster")));
  }

  @Nested
  final class Results {
    @Test
    void successCompletesTheStep() throws InterruptedException {
      Heard heard = stage.run((_, _) -> HandlerResult.success());
      assertEquals(new Outcome.Completed(), heard.outcome());
      assertEquals(List.of("started", "ended"), heard.order);
    }

    @Test
    void notForMeCompletesTheStepAndSaysWhyForDebugging() throws InterruptedException {
      Heard heard = stage.run((_, _) -> HandlerResult.notForMe("node 2 is not mine"));
      assertEquals(new Outcome.Completed(), heard.outcome());
      assertEquals(List.of("<7>node 2 is not mine"), heard.lines);
    }

    @Test
    void notForMeWithoutReasonIsSilent() throws InterruptedException {
      Heard heard = stage.run((_, _) -> HandlerResult.notForMe());
      assertEquals(new Outcome.Completed(), heard.outcome());
      assertEquals(List.of(), heard.lines);
    }

    @Test
    void failureHasItsCodeAndItsReasonOnStderr() throws InterruptedException {
      Heard heard = stage.run((_, _) -> HandlerResult.failure(75, "no index yet"));
      assertEquals(new Outcome.Failed(75), heard.outcome());
      assertEquals(List.of("<3>no index yet"), heard.lines);
      assertEquals(List.of(Stream.STDERR), heard.streams);
      assertEquals(List.of("started", "output", "ended"), heard.order);
    }

    @Test
    void nullIsAFailureThatSaysWhatToReturn() throws InterruptedException {
      Heard heard = stage.run((_, _) -> null);
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals(
          List.of("<3>the handler returned null; let it return HandlerResult.success()"),
          heard.lines);
    }
  }

  @Nested
  final class Throwables {
    @Test
    void exceptionFailsWithItsStackTrace() throws InterruptedException {
      Heard heard =
          stage.run(
              (_, _) -> {
                throw new java.io.IOException("disk\nfull", new IllegalStateException("why"));
              });
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals("<3>java.io.IOException: disk", heard.lines.get(0));
      assertEquals("<3>full", heard.lines.get(1));
      assertTrue(heard.lines.get(2).startsWith("<3>\tat "), heard.lines.get(2));
      assertTrue(
          heard.lines.contains("<3>Caused by: java.lang.IllegalStateException: why"),
          heard.lines.toString());
    }

    @Test
    void stackOverflowIsAFailureOfABoundedNumberOfLines() throws InterruptedException {
      Heard heard = stage.run((_, _) -> deeper(1));
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals("<3>java.lang.StackOverflowError", heard.lines.getFirst());
      assertEquals(HandlerLog.MAX_TRACE + 1, heard.lines.size());
      assertTrue(heard.lines.getLast().matches("<3>\t… \\d+ lines cut"), heard.lines.getLast());
      assertEquals(new Outcome.Completed(), stage.run((_, _) -> HandlerResult.success()).outcome());
    }

    private static HandlerResult deeper(int depth) {
      return depth == 0 ? HandlerResult.success() : deeper(depth + 1);
    }

    @Test
    void linkageErrorSaysThatThePluginMayBeBuiltForAnotherVersion() throws InterruptedException {
      Heard heard =
          stage.run(
              (_, _) -> {
                throw new NoSuchMethodError("'void Event.replay()'");
              });
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals(
          "<3>plugin \"search\" does not fit together: it may be built for another version of the"
              + " API or of a library; build it with the API of this installation, and bring its"
              + " libraries",
          heard.lines.get(0));
      assertEquals("<3>java.lang.NoSuchMethodError: 'void Event.replay()'", heard.lines.get(1));
    }

    @Test
    void errorsThatPluginsThrowAreTheirs() throws InterruptedException {
      for (Error error :
          List.of(new AssertionError("no"), new InternalError("no"), new OutOfMemoryError("no"))) {
        Heard heard =
            stage.run(
                (_, _) -> {
                  throw error;
                });
        assertEquals(new Outcome.Failed(1), heard.outcome());
        assertEquals("<3>" + error.getClass().getName() + ": no", heard.lines.getFirst());
      }
    }

    @Test
    void throwableThatCannotBePrintedIsNamed() throws InterruptedException {
      Heard heard =
          stage.run(
              (_, _) -> {
                throw new Unprintable();
              });
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals(
          List.of(
              "<3>"
                  + Unprintable.class.getName()
                  + ", whose stack trace cannot be printed: java.lang.IllegalStateException:"
                  + " twice"),
          heard.lines);
    }

    @Test
    void throwableThatThrowsItselfWhenAskedEndsTheStepToo() throws InterruptedException {
      Heard heard =
          stage.run(
              (_, _) -> {
                throw new Endless();
              });
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals(
          List.of(
              "<3>"
                  + Endless.class.getName()
                  + ", whose stack trace cannot be printed: "
                  + Endless.class.getName()
                  + ", which throws when it is asked what it means"),
          heard.lines);
    }

    @Test
    void interruptionThatNobodyAskedForIsAFailure() throws InterruptedException {
      Heard heard =
          stage.run(
              (_, _) -> {
                throw new InterruptedException("by itself");
              });
      assertEquals(new Outcome.Failed(1), heard.outcome());
      assertEquals("<3>java.lang.InterruptedException: by itself", heard.lines.getFirst());
    }
  }

  private static final class Endless extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw this;
    }
  }

  private static final class Unprintable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("twice");
    }
  }

  @Nested
  final class Context {
    @Test
    void tellsWhatAScriptFindsInItsEnvironment() throws InterruptedException {
      CompletableFuture<HandlerContext> seen = new CompletableFuture<>();
      CompletableFuture<Event> event = new CompletableFuture<>();
      stage
          .run(
              (e, context) -> {
                event.complete(e);
                seen.complete(context);
                return HandlerResult.success();
              })
          .outcome();
      HandlerContext context = seen.join();
      assertEquals(HandlerStage.EVENT, event.join());
      assertEquals("module/test1", context.agentId());
      assertEquals("r1", context.runId());
      assertEquals(Path.of("/state"), context.stateDirectory());
      assertEquals(Optional.of("red"), context.variables().value("COLOUR"));
      assertFalse(context.isCancelled());
      assertEquals("HandlerContext[r1]", context.toString());
    }

    @Test
    void deadlineIsTheTimeLimitFromNow() throws InterruptedException {
      CompletableFuture<Optional<Instant>> seen = new CompletableFuture<>();
      Instant before = Instant.now();
      stage
          .run(
              (_, context) -> {
                seen.complete(context.deadline());
                return HandlerResult.success();
              })
          .outcome();
      Instant deadline = seen.join().orElseThrow();
      assertFalse(deadline.isBefore(before.plus(Duration.ofHours(1))), deadline.toString());
      assertFalse(deadline.isAfter(Instant.now().plus(Duration.ofHours(1))), deadline.toString());
    }

    @Test
    void withoutTimeLimitThereIsNoDeadline() throws InterruptedException {
      try (HandlerStage unlimited = new HandlerStage(1, Duration.ZERO)) {
        CompletableFuture<Optional<Instant>> seen = new CompletableFuture<>();
        unlimited
            .run(
                (_, context) -> {
                  seen.complete(context.deadline());
                  return HandlerResult.success();
                })
            .outcome();
        assertEquals(Optional.empty(), seen.join());
      }
    }

    @Test
    void contextClassLoaderIsThePluginsDuringTheCallAlone() throws InterruptedException {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      CompletableFuture<ClassLoader> during = new CompletableFuture<>();
      stage
          .run(
              (_, _) -> {
                thread.complete(Thread.currentThread());
                during.complete(Thread.currentThread().getContextClassLoader());
                return HandlerResult.success();
              })
          .outcome();
      assertSame(stage.site.loader, during.join());
      assertSame(JavaSteps.class.getClassLoader(), thread.join().getContextClassLoader());
    }

    @Test
    void loggerMayOutliveTheCall() throws InterruptedException {
      CompletableFuture<System.Logger> logger = new CompletableFuture<>();
      Heard heard =
          stage.run(
              (_, context) -> {
                logger.complete(context.logger());
                return HandlerResult.success();
              });
      heard.outcome();
      logger.join().log(System.Logger.Level.INFO, "done in the background");
      assertEquals(List.of("started", "ended", "output"), heard.order);
      assertEquals(List.of("done in the background"), heard.lines);
    }
  }

  @Test
  void callsAreCountedForTheSite() throws InterruptedException {
    CompletableFuture<Integer> during = new CompletableFuture<>();
    Heard heard =
        stage.run(
            (_, _) -> {
              during.complete(stage.site.inside.get());
              return HandlerResult.success();
            });
    heard.outcome();
    assertEquals(1, during.join());
    assertEquals(0, stage.site.inside.get());
  }
}
