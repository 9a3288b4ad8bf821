package org.nethserver.events.agent.handlers;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The way from the dispatch thread into a handler that does nothing, and back. */
@State(Scope.Benchmark)
public class HandlerBenchmark {
  private static final int CALLS = 256;

  /** How many call side by side, each its next call after the end of the one before. */
  @Param({"1", "4", "32"})
  public int channels;

  private final Dispatcher dispatcher = new Dispatcher(Throwable::printStackTrace);
  private final JavaSteps steps = new JavaSteps(Limits.DEFAULT, new Counters());
  private final Step step = steps.step(new NoHandler(), new NoSite());
  private final StepRun run =
      new StepRun(
          new Event(
              "1", Channel.parse("module/m1/event/call-made"), Payload.of("{}"), Instant.EPOCH),
          "1",
          Variables.NONE,
          Path.of("/nowhere"));

  /** Starts the dispatch thread. */
  @Setup
  public void start() {
    dispatcher.start();
  }

  /** Ends all threads. */
  @TearDown
  public void end() {
    dispatcher.close();
    steps.close();
  }

  /** One call. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void call() throws InterruptedException {
    AtomicLong started = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(CALLS);
    for (int channel = 0; channel < channels; channel++) {
      dispatcher.execute(() -> start(started, ended));
    }
    ended.await();
  }

  private void start(AtomicLong started, CountDownLatch ended) {
    if (started.getAndIncrement() < CALLS) {
      step.start(run, new Next(started, ended));
    }
  }

  private record NoHandler() implements EventHandler {
    @Override
    public String step() {
      return "10call";
    }

    @Override
    public Set<String> events() {
      return Set.of("call-made");
    }

    @Override
    public HandlerResult handle(Event event, HandlerContext context) {
      return HandlerResult.success();
    }
  }

  /** Makes the next call of a channel. */
  private final class Next implements StepListener {
    private final AtomicLong started;
    private final CountDownLatch ended;

    Next(AtomicLong started, CountDownLatch ended) {
      this.started = started;
      this.ended = ended;
    }

    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {}

    @Override
    public void ended(Outcome outcome) {
      ended.countDown();
      dispatcher.execute(() -> start(started, ended));
    }
  }
}
