package org.nethserver.events.agent.history;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.nethserver.events.agent.history.RunInProgress.StepInProgress;
import org.nethserver.events.agent.text.Masking;
import org.nethserver.events.api.Outcome;
import tools.jackson.core.io.JsonStringEncoder;

/** The lines of the history: one JSON object each, whose end is the end of the line. */
final class RunLines {
  private static final String FIRST = "{\"run\":\"";

  private final StringBuilder text = new StringBuilder();

  private RunLines() {}

  /** A process begins to write: a run that it leaves without an end was interrupted with it. */
  static byte[] process(ProcessMark mark) {
    RunLines line = new RunLines();
    line.text.append("{\"process\":");
    line.string(mark.name());
    line.text.append(",\"pid\":").append(mark.pid());
    line.text.append(",\"start\":").append(mark.start());
    line.field("boot", mark.boot());
    return line.end();
  }

  /** Runs are missing here. */
  static byte[] dropped(long runs) {
    RunLines line = new RunLines();
    line.text.append("{\"dropped\":").append(runs);
    return line.end();
  }

  /** A run has begun, and goes on. */
  static byte[] begun(RunInProgress run) {
    return new RunLines().head(run).end();
  }

  /** A run has ended. */
  static byte[] ended(RunInProgress run) {
    RunLines line = new RunLines().head(run);
    line.text.append(",\"ms\":").append(milliseconds(run.took()));
    line.field("outcome", run.outcome().status());
    line.text.append(",\"code\":").append(run.outcome().code());
    line.field("step", run.last());
    line.text.append(",\"steps\":[");
    String separator = "";
    for (StepInProgress step : run.steps()) {
      line.text.append(separator);
      line.step(step);
      separator = ",";
    }
    line.text.append(']');
    return line.end();
  }

  /** Returns the key of the run that a line is about; empty if it is about none. */
  static String key(String line) {
    int end = line.startsWith(FIRST) ? line.indexOf('"', FIRST.length()) : -1;
    return end < 0 ? "" : line.substring(FIRST.length(), end);
  }

  private RunLines head(RunInProgress run) {
    text.append("{\"run\":");
    string(run.key);
    field("event", run.event.id());
    field("source", run.event.source().text());
    field("name", run.event.name().text());
    text.append(",\"delivery\":").append(run.event.delivery());
    field("began", run.began.toString());
    return this;
  }

  private void step(StepInProgress step) {
    text.append("{\"step\":");
    string(step.name);
    field("began", step.began.toString());
    text.append(",\"ms\":").append(milliseconds(step.took()));
    outcome(step.outcome());
    text.append(",\"attempts\":").append(step.attempts());
    OutputTail.Shown output = step.output.shown();
    if (!output.text().isEmpty()) {
      field("output", output.text());
    }
    text.append(output.cut() ? ",\"cut\":true}" : "}");
  }

  private void outcome(Outcome outcome) {
    switch (outcome) {
      case Outcome.Completed _ -> outcome("completed", 0);
      case Outcome.Failed failed -> outcome("failed", failed.code());
      case Outcome.Killed killed -> {
        outcome("killed", -1);
        text.append(",\"signal\":").append(killed.signal());
      }
      case Outcome.TimedOut _ -> outcome("timed-out", -1);
      case Outcome.Stopped _ -> outcome("stopped", -1);
      case Outcome.Skipped skipped -> {
        outcome("skipped", 0);
        field("why", Masking.text(skipped.why()));
      }
    }
  }

  private void outcome(String word, int code) {
    field("outcome", word);
    text.append(",\"code\":").append(code);
  }

  private void field(String name, String value) {
    text.append(",\"").append(name).append("\":");
    string(value);
  }

  private void string(String value) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
  }

  private static String milliseconds(Duration duration) {
    long micros = duration.toNanos() / 1_000;
    return micros / 1_000 + "." + Long.toString(1_000 + micros % 1_000).substring(1);
  }

  private byte[] end() {
    return text.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
