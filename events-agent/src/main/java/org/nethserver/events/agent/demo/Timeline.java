package org.nethserver.events.agent.demo;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.agent.text.Masking;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Shows runs as a timeline: seconds since the start, who, what. */
final class Timeline implements RunListener {
  private final Consumer<String> print;
  private final long start = System.nanoTime();
  private final BlockingQueue<RunOutcome> outcomes = new LinkedBlockingQueue<>();

  /**
   * Makes a timeline that begins now.
   *
   * @param print prints one line
   */
  Timeline(Consumer<String> print) {
    this.print = print;
  }

  /** Returns the outcomes of the runs, as they end. */
  BlockingQueue<RunOutcome> outcomes() {
    return outcomes;
  }

  void line(String what) {
    double seconds = (System.nanoTime() - start) / 1e9;
    print.accept(
        String.format(Locale.ROOT, "%7.3f s  %s", seconds, Printable.text(Masking.text(what))));
  }

  private void step(StepWatch step, String what) {
    line(String.format("    %-15s %s", step.entry().name(), what));
  }

  @Override
  public void runStarted(Event event) {
    line("  " + event.channel() + " is heard, its steps begin");
  }

  @Override
  public void stepStarted(StepWatch step) {
    step(step, "starts");
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    step(step, "| " + new String(line, StandardCharsets.UTF_8));
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    step(
        step,
        switch (outcome) {
          case Outcome.Completed _ -> "ends well";
          case Outcome.Failed failed -> "FAILS with exit status " + failed.code();
          case Outcome.Killed killed -> "DIES of signal " + killed.signal();
          case Outcome.TimedOut _ -> "is ENDED: its time is over";
          case Outcome.Stopped _ -> "is ended with the demo";
          case Outcome.Skipped skipped -> "is SKIPPED: " + skipped.why();
        });
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    String end = "  " + event.channel() + " " + outcome.status();
    line(outcome.failed() ? end + " at " + last.name() + "; later steps do not run" : end);
    outcomes.add(outcome);
  }

  @Override
  public void environmentMissing(Event event, String why) {
    line("  no variables from ./environment: " + why);
  }

  @Override
  public void rejected(Event event) {
    line("  " + event.channel() + " is rejected: too much waits");
  }
}
