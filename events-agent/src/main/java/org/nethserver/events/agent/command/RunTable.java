package org.nethserver.events.agent.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.history.RecordedRun;
import org.nethserver.events.agent.history.RecordedRun.RecordedStep;
import org.nethserver.events.agent.text.Printable;

/** Runs as lines of a table, or as JSON. */
final class RunTable {
  private static final List<String> TITLES =
      List.of("TIME", "EVENT", "SOURCE", "OUTCOME", "TOOK", "FAILED AT", "ID");
  private static final List<Integer> LEAST = List.of(23, 16, 14, 11, 5, 9, 0);

  private final List<Integer> widths = new ArrayList<>(LEAST);

  /** Makes a table in which these find room, and most others. */
  RunTable(List<RecordedRun> runs) {
    runs.forEach(
        run -> {
          List<String> cells = cells(run);
          for (int i = 0; i < cells.size() - 1; i++) {
            widths.set(i, Math.max(widths.get(i), cells.get(i).length()));
          }
        });
  }

  String header() {
    return Terminal.styled("bold", line(TITLES, Function.identity()));
  }

  String row(RecordedRun run) {
    String style = style(run);
    return line(cells(run), outcome -> style.isEmpty() ? outcome : Terminal.styled(style, outcome));
  }

  /** Returns how an outcome is coloured; empty if it is not. */
  static String style(RecordedRun run) {
    return run.failed() ? "red,bold" : run.interrupted() ? "yellow,bold" : "";
  }

  private String line(List<String> cells, Function<String, String> colour) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding =
          i == cells.size() - 1 ? "" : " ".repeat(Math.max(0, widths.get(i) - cell.length()) + 2);
      boolean right = i == 4;
      line.append(right ? padding.substring(2) : "");
      line.append(i == 3 ? colour.apply(cell) : cell);
      line.append(right ? "  " : padding);
    }
    return line.toString().stripTrailing();
  }

  private static List<String> cells(RecordedRun run) {
    return List.of(
        JournalCommand.time(run.began()),
        Printable.text(run.name()),
        Printable.text(run.source()),
        outcome(run),
        run.took().map(RunTable::duration).orElse(""),
        run.failed() ? Printable.text(run.last()) : "",
        Printable.text(run.event()));
  }

  /** Returns how a run ended, with its code where that says more. */
  static String outcome(RecordedRun run) {
    return Printable.text(run.outcome()) + (run.code() > 0 ? " (" + run.code() + ")" : "");
  }

  /** Shows how long something took. */
  static String duration(Duration took) {
    long ms = took.toMillis();
    return ms == 0 ? "<1ms" : Amounts.format(took);
  }

  /** Writes a run for programs. */
  static String json(RecordedRun run, boolean output) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", run.event());
    fields.put("run", run.key());
    fields.put("began", run.began().toString());
    fields.put("event", run.name());
    fields.put("source", run.source());
    fields.put("delivery", run.delivery());
    fields.put("outcome", run.outcome());
    run.took()
        .ifPresent(
            took -> {
              fields.put("code", run.code());
              fields.put("milliseconds", milliseconds(took));
              fields.put("step", run.last());
              fields.put("steps", run.steps().stream().map(step -> fields(step, output)).toList());
            });
    return Json.write(fields);
  }

  private static Map<String, Object> fields(RecordedStep step, boolean output) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", step.name());
    fields.put("began", step.began().toString());
    fields.put("milliseconds", milliseconds(step.took()));
    fields.put("outcome", step.outcome());
    fields.put("code", step.code());
    if (step.signal() != 0) {
      fields.put("signal", step.signal());
    }
    if (!step.why().isEmpty()) {
      fields.put("why", step.why());
    }
    fields.put("attempts", step.attempts());
    if (output) {
      fields.put("output", step.output());
      fields.put("cut", step.cut());
    }
    return fields;
  }

  private static double milliseconds(Duration took) {
    return took.toNanos() / 1_000_000.0;
  }
}
