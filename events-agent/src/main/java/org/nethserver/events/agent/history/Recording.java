package org.nethserver.events.agent.history;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.nethserver.events.agent.history.RunInProgress.StepInProgress;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Notes the runs of one agent as they go, and hands them to the writer. */
final class Recording implements RunListener {
  private final AgentHistory history;
  private final HistoryWriter writer;
  private final Supplier<String> keys;

  /** The dispatch thread's. */
  private final Map<Event, RunInProgress> runs = new IdentityHashMap<>();

  /** By the ids of starts; what a step leaves in the background finds nothing any more. */
  private final Map<String, OutputTail> outputs = new ConcurrentHashMap<>();

  Recording(AgentHistory history, HistoryWriter writer, Supplier<String> keys) {
    this.history = history;
    this.writer = writer;
    this.keys = keys;
  }

  /** The agent is gone, and so is whatever it ran. */
  void end() {
    writer.dismiss(history);
  }

  @Override
  public void runStarted(Event event) {
    if (history.isOn()) {
      RunInProgress run = new RunInProgress(keys.get(), event);
      if (writer.begun(history, run)) {
        runs.put(event, run);
      }
    }
  }

  @Override
  public void stepStarted(StepWatch watch) {
    RunInProgress run = runs.get(watch.event());
    if (run != null) {
      StepInProgress step = run.step(watch);
      outputs.put(watch.run(), step.output);
      writer.wake();
    }
  }

  @Override
  public void output(StepWatch watch, Stream stream, byte[] line) {
    OutputTail output = outputs.get(watch.run());
    if (output != null) {
      output.add(line);
    }
  }

  @Override
  public void stepEnded(StepWatch watch, Outcome outcome) {
    outputs.remove(watch.run());
    RunInProgress run = runs.get(watch.event());
    if (run != null) {
      run.stepEnded(watch, outcome);
    }
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    RunInProgress run = runs.remove(event);
    if (run != null) {
      run.end(last.name().toString(), outcome);
      writer.ended(history, run);
    }
  }
}
