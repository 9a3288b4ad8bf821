package org.nethserver.events.agent.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunListener.StepWatch;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Tells a history of runs that a test makes up, and reads what became of them. */
final class HistoryStage implements AutoCloseable {
  static final RunOutcome COMPLETED = new RunOutcome("completed", 0);

  final List<String> told = new CopyOnWriteArrayList<>();
  private final Histories histories =
      new Histories((agent, priority, text) -> told.add(agent + " " + priority + " " + text));
  private int starts;

  RunListener open(String agent, Path state) {
    histories.open(agent, state, () -> {});
    return histories.listener(agent).orElseThrow();
  }

  void forget(String agent) {
    histories.forget(agent);
  }

  static Event event(String id) {
    return new Event(
        id, Channel.parse("module/a1/event/thing-done"), Payload.of("{}"), Instant.EPOCH);
  }

  StepWatch step(Event event, String name, int attempt) {
    StepEntry entry =
        new StepEntry(StepName.of(name), "/events", new StepEntry.Disposition.Refused("of a test"));
    return new StepWatch(event, entry, "start-" + ++starts, attempt);
  }

  /** Tells of a run of one step that completes. */
  void run(RunListener listener, String id, String... output) {
    Event event = event(id);
    listener.runStarted(event);
    StepWatch step = step(event, "10only", 1);
    listener.stepStarted(step);
    for (String line : output) {
      listener.output(step, Stream.STDOUT, line.getBytes(UTF_8));
    }
    listener.stepEnded(step, new Outcome.Completed());
    listener.runEnded(event, step.entry(), COMPLETED);
  }

  static List<RecordedRun> read(Path state) {
    try {
      return RunHistory.of(state).runs(_ -> true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void await(String wanted, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("after 20 s still not: " + wanted);
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    histories.close();
  }
}
