package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/** A step that runs until the test ends it. */
public final class FakeStep implements Step, Step.Execution {
  private final String name;
  private final BlockingQueue<FakeStep> started;

  /** The graces of the calls to {@link #stop} that {@link #stopped} has not returned. */
  final BlockingQueue<Duration> stops = new LinkedBlockingQueue<>();

  private volatile StepRun run;
  private volatile StepListener listener;

  FakeStep(String name, BlockingQueue<FakeStep> started) {
    this.name = name;
    this.started = started;
  }

  @Override
  public Execution start(StepRun run, StepListener listener) {
    this.run = run;
    this.listener = listener;
    listener.started();
    started.add(this);
    return this;
  }

  @Override
  public void stop(Duration grace) {
    stops.add(grace);
  }

  /** Waits until it is told to stop, and returns with which grace. */
  Duration stopped() throws InterruptedException {
    Duration grace = stops.poll(20, TimeUnit.SECONDS);
    if (grace == null) {
      throw new AssertionError("nobody has stopped " + name + " within 20 s");
    }
    return grace;
  }

  public StepRun run() {
    return run;
  }

  public Event event() {
    return run.event();
  }

  public void write(String line) {
    listener.output(
        StepListener.Stream.STDOUT, line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  public void end(Outcome outcome) {
    listener.ended(outcome);
  }

  public void complete() {
    end(new Outcome.Completed());
  }

  @Override
  public String toString() {
    return name;
  }
}
