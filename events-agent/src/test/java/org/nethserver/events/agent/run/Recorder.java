package org.nethserver.events.agent.run;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Notes what runs tell, a line a call. */
final class Recorder implements RunListener {
  final List<String> lines = new CopyOnWriteArrayList<>();
  final List<Event> rejected = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  /** Waits for the next run to end: {@code CHANNEL STATUS CODE at STEP}. */
  String ended() throws InterruptedException {
    String end = ends.poll(20, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("no run has ended within 20 s; told so far: " + lines);
    }
    return end;
  }

  boolean hasEnds() {
    return !ends.isEmpty();
  }

  @Override
  public void stepStarted(StepWatch step) {
    lines.add("start " + step.entry().name());
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    lines.add(stream + " " + step.entry().name() + " " + new String(line, StandardCharsets.UTF_8));
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    lines.add("end " + step.entry().name() + " " + outcome);
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    ends.add(
        event.channel() + " " + outcome.status() + " " + outcome.code() + " at " + last.name());
  }

  /** Most tests have no such file, and it is no matter there. */
  @Override
  public void environmentMissing(Event event, String why) {}

  @Override
  public void filtered(Event event, String why) {
    lines.add("filtered " + event.id() + " " + why);
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    lines.add("invalid " + event.id() + " " + why + (runs ? ", runs" : ""));
  }

  @Override
  public void superseded(Event event, Event by) {
    lines.add("superseded " + event.id() + " by " + by.id());
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    lines.add("retrying " + step.entry().name() + " " + step.attempt());
  }

  @Override
  public void rejected(Event event) {
    rejected.add(event);
  }
}
