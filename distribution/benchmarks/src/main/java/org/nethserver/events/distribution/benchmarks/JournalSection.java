package org.nethserver.events.distribution.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What recorders take, as a section in Markdown and as values. */
final class JournalSection {
  private final Conditions conditions;
  private final List<Recorders.Recorded> runs;

  JournalSection(Conditions conditions, List<Recorders.Recorded> runs) {
    this.conditions = conditions;
    this.runs = List.copyOf(runs);
  }

  String markdown(String raw) {
    Recorders.Recorded first = runs.getFirst();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            """
            %s

            %,d events of some 50 bytes, published as fast as they are recorded, 20,000 under way at most;
            Redis with `appendonly yes`, its limits raised to hold them all. Not recorded: %s.

            | |%s
            |---|%s
            """,
            conditions.text(),
            first.events(),
            cells("%,.0f", run -> run.events() - run.recorded(), ", "),
            cells(" %.0f recorder(s) |", Recorders.Recorded::recorders, ""),
            "---|".repeat(runs.size())));
    row(text, "events recorded a second", "%,.0f", Recorders.Recorded::perSecond);
    row(text, "CPU of all recorders, an event, µs", "%.1f", Recorders.Recorded::cpuMicros);
    row(text, "CPU of Redis, an event, µs", "%.1f", Recorders.Recorded::redisCpuMicros);
    row(text, "`PUBLISH` to recorded, p50, ms", "%.2f", run -> run.lag(50));
    row(text, "`PUBLISH` to recorded, p99, ms", "%.2f", run -> run.lag(99));
    row(text, "resident memory of one, before, MB", "%.1f", Recorders.Recorded::idle);
    row(text, "resident memory of one, after, MB", "%.1f", Recorders.Recorded::after);
    return text.append("\nRaw values: [")
        .append(raw)
        .append("](")
        .append(raw)
        .append(").\n")
        .toString();
  }

  private void row(
      StringBuilder text, String title, String form, ToDoubleFunction<Recorders.Recorded> value) {
    text.append("| ").append(title).append(" | ").append(cells(form, value, " | ")).append(" |\n");
  }

  private String cells(String form, ToDoubleFunction<Recorders.Recorded> value, String separator) {
    return String.join(
        separator,
        runs.stream()
            .map(run -> String.format(Locale.ROOT, form, value.applyAsDouble(run)))
            .toList());
  }

  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    all.put("runs", runs);
    return Pages.json(all);
  }
}
