package org.nethserver.events.agent.handlers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener;

/** Notes what one start of a step tells. */
final class Heard implements StepListener {
  final List<String> lines = new CopyOnWriteArrayList<>();
  final List<Stream> streams = new CopyOnWriteArrayList<>();

  /** What was told in which order: started, output, ended. */
  final List<String> order = new CopyOnWriteArrayList<>();

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  @Override
  public void started() {
    order.add("started");
  }

  @Override
  public void output(Stream stream, byte[] line) {
    order.add("output");
    streams.add(stream);
    lines.add(new String(line, StandardCharsets.UTF_8));
  }

  @Override
  public void ended(Outcome outcome) {
    order.add("ended");
    outcomes.add(outcome);
  }

  /** Waits for the end. */
  Outcome outcome() throws InterruptedException {
    Outcome outcome = outcomes.poll(20, TimeUnit.SECONDS);
    if (outcome == null) {
      throw new AssertionError("no end within 20 s; told so far: " + lines);
    }
    return outcome;
  }

  /** Tells whether an end was told that {@link #outcome} has not returned. */
  boolean endedAgain() {
    return !outcomes.isEmpty();
  }
}
