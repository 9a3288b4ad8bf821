package org.nethserver.events.agent.command;

import java.nio.charset.StandardCharsets;
import org.nethserver.events.agent.history.RecordedRun;
import org.nethserver.events.agent.history.RecordedRun.RecordedStep;
import org.nethserver.events.agent.text.Printable;

/** All about one run, for people. */
final class RunDetails {
  private RunDetails() {}

  static String text(RecordedRun run) {
    StringBuilder text = new StringBuilder();
    String style = RunTable.style(run);
    String outcome = RunTable.outcome(run);
    text.append(Terminal.styled("bold", Printable.text(run.source() + "/event/" + run.name())));
    text.append("  ").append(style.isEmpty() ? outcome : Terminal.styled(style, outcome));
    if (run.failed()) {
      text.append(" at step ").append(Printable.text(run.last()));
    }
    line(text, "id", Printable.text(run.event()));
    line(text, "began", JournalCommand.time(run.began()));
    run.took().ifPresent(took -> line(text, "took", RunTable.duration(took)));
    if (run.delivery() > 1) {
      line(text, "delivery", Integer.toString(run.delivery()));
    }
    if (run.interrupted()) {
      line(text, "end", "none is recorded: the agent was killed, or could not write it");
    }
    run.steps().forEach(step -> step(text, step));
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("\n  ").append(name).append(" ".repeat(10 - name.length())).append(value);
  }

  private static void step(StringBuilder text, RecordedStep step) {
    String how = words(step);
    text.append("\n\n  ").append(Printable.text(step.name())).append("  ");
    text.append(step.failed() ? Terminal.styled("red,bold", how) : how);
    if (!step.outcome().equals("skipped")) {
      text.append(" in ").append(RunTable.duration(step.took()));
    }
    if (step.attempts() > 1) {
      text.append(", ").append(step.attempts()).append(" attempts");
    }
    if (step.cut()) {
      text.append("\n    | … the beginning is not kept");
    }
    step.output()
        .lines()
        .forEach(
            line ->
                text.append("\n    | ")
                    .append(
                        new String(
                            Printable.bytes(line.getBytes(StandardCharsets.UTF_8)),
                            StandardCharsets.UTF_8)));
  }

  private static String words(RecordedStep step) {
    return switch (step.outcome()) {
      case "failed" -> "failed with exit status " + step.code();
      case "killed" -> "was killed by signal " + step.signal();
      case "timed-out" -> "was ended: it ran too long";
      case "stopped" -> "was ended with the agent";
      case "skipped" -> "was skipped: " + Printable.text(step.why());
      default -> Printable.text(step.outcome());
    };
  }
}
