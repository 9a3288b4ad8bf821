package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepRun;

/** Steps in Java, started one by one. */
final class HandlerStage implements AutoCloseable {
  static final String CHANNEL = "module/ldap1/event/user-created";
  static final Event EVENT =
      new Event("e1", Channel.parse(CHANNEL), Payload.of("{}"), Instant.EPOCH);
  static final StepRun RUN =
      new StepRun(EVENT, "r1", Variables.NONE.with("COLOUR", "red"), Path.of("/state"));

  /** The part of a handler that tests vary. */
  @FunctionalInterface
  interface Body {
    HandlerResult handle(Event event, HandlerContext context) throws Exception;
  }

  final Counters counters = new Counters();
  final FakeSite site = new FakeSite();
  final JavaSteps steps;

  HandlerStage() {
    this(32, Duration.ofHours(1));
  }

  HandlerStage(int places, Duration timeLimit) {
    this.steps =
        new JavaSteps(
            new Limits(places, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, timeLimit),
            counters);
  }

  Step step(Body body) {
    return step(body, site);
  }

  Step step(Body body, HandlerSite where) {
    return steps.step(
        new EventHandler() {
          @Override
          public String step() {
            return "30index";
          }

          @Override
          public Set<String> events() {
            return Set.of("user-created");
          }

          @Override
          public HandlerResult handle(Event event, HandlerContext context) throws Exception {
            return body.handle(event, context);
          }
        },
        where);
  }

  /** Starts a handler and waits for its end. */
  Heard run(Body body) throws InterruptedException {
    Heard heard = new Heard();
    step(body).start(RUN, heard);
    return heard;
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("not within 20 s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    steps.close();
  }
}
