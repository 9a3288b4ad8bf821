package org.nethserver.events.distribution.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the journal takes, of recorders and of agents, as a section in Markdown and as values. */
final class JournalSection {
  private static final List<Metric> METRICS =
      List.of(
          Metric.LATENCY_P50,
          Metric.LATENCY_P90,
          Metric.LATENCY_P99,
          Metric.EVENT_CPU,
          Metric.UNHEARD_CPU,
          Metric.START,
          Metric.IDLE_RSS,
          Metric.WORKED_RSS);

  private final Conditions conditions;
  private final Journaled found;
  private final StringBuilder text = new StringBuilder();

  JournalSection(Conditions conditions, Journaled found) {
    this.conditions = conditions;
    this.found = found;
  }

  String markdown(String raw) {
    paragraph(conditions.text());
    recorders();
    found.agents().ifPresent(this::agents);
    caught();
    paragraph("Raw values: [" + raw + "](" + raw + ").");
    return text.toString();
  }

  private void paragraph(String paragraph) {
    text.append(paragraph).append("\n\n");
  }

  private void recorders() {
    List<Recorders.Recorded> runs = found.recorders();
    paragraph("### Recorders");
    text.append(
        String.format(
            Locale.ROOT,
            """
            %,d events of some 50 bytes, published as fast as they are recorded, 20,000 under way at most;
            Redis with `appendonly yes`, its limits raised to hold them all. Not recorded: %s.

            """,
            runs.getFirst().events(),
            cells(runs, "%,.0f", run -> run.events() - run.recorded(), ", ")));
    header(cells(runs, "%.0f recorder(s)", Recorders.Recorded::recorders, " | "), runs.size());
    row("events recorded a second", runs, "%,.0f", Recorders.Recorded::perSecond);
    row("CPU of all recorders, an event, µs", runs, "%.1f", Recorders.Recorded::cpuMicros);
    row("CPU of Redis, an event, µs", runs, "%.1f", Recorders.Recorded::redisCpuMicros);
    row("`PUBLISH` to recorded, p50, ms", runs, "%.2f", run -> run.lag(50));
    row("`PUBLISH` to recorded, p99, ms", runs, "%.2f", run -> run.lag(99));
    row("resident memory of one, before, MB", runs, "%.1f", Recorders.Recorded::idle);
    row("resident memory of one, after, MB", runs, "%.1f", Recorders.Recorded::after);
    text.append('\n');
  }

  private void agents(Results results) {
    paragraph("### Agents, live");
    text.append(
        String.format(
            Locale.ROOT,
            """
            The same agent (`events`), and with `--journal` (`journal`): one-step runs, each on a Redis of its
            own with AOF and one recorder, by turns. Figures are medians; the ratio is that of the pairs of a
            turn, the middle half of them in brackets. Of %,d answers that had to come %,d did not.

            """,
            results.events().sent(),
            results.events().lost()));
    header("`events` | `journal` | `journal` / `events`", 3);
    for (Metric metric : METRICS) {
      text.append("| ")
          .append(metric.fullTitle())
          .append(" | ")
          .append(figure(results, Benchmarks.SCRIPTS, metric))
          .append(" | ")
          .append(figure(results, Benchmarks.JOURNAL, metric))
          .append(" | ")
          .append(
              results
                  .ratio(Benchmarks.JOURNAL, Benchmarks.SCRIPTS, metric)
                  .map(
                      ratio ->
                          String.format(
                              Locale.ROOT,
                              "%.2f (%.2f–%.2f)",
                              ratio.median(),
                              ratio.lower(),
                              ratio.upper()))
                  .orElse(""))
          .append(" |\n");
    }
    text.append('\n');
  }

  private static String figure(Results results, String subject, Metric metric) {
    Optional<Figure> figure = results.figure(subject, metric);
    return figure.map(some -> metric.format(some.median()) + " " + metric.unit()).orElse("");
  }

  private void caught() {
    List<CatchUp.Caught> runs = found.caught();
    paragraph("### Agents that catch up");
    text.append(
        String.format(
            Locale.ROOT,
            """
            %,d events of some 50 bytes come while an agent is down; then it starts. From its subscription
            until it has answered the last of them, the first word of a recorder included, which comes once a
            second. Not answered: %s.

            """,
            runs.getFirst().missed(),
            cells(runs, "%,.0f", run -> run.expected() - run.answered(), ", ")));
    header(
        runs.stream()
            .map(run -> run.expected() == 1 ? "the last one is answered" : "a handler answers all")
            .collect(Collectors.joining(" | ")),
        runs.size());
    row("events passed a second", runs, "%,.0f", CatchUp.Caught::perSecond);
    row("seconds", runs, "%.1f", run -> run.took().toMillis() / 1e3);
    row("CPU of the agent, an event, µs", runs, "%.1f", CatchUp.Caught::cpuMicros);
    row("resident memory right after it, MB", runs, "%.1f", CatchUp.Caught::memory);
    row("the same, 5 s later, MB", runs, "%.1f", CatchUp.Caught::settled);
    text.append('\n');
  }

  private void header(String titles, int columns) {
    text.append("| | ")
        .append(titles)
        .append(" |\n")
        .append("|---".repeat(1 + columns))
        .append("|\n");
  }

  private <T> void row(String title, List<T> runs, String form, ToDoubleFunction<T> value) {
    String cells = cells(runs, form, value, " | ");
    text.append("| ").append(title).append(" | ").append(cells).append(" |\n");
  }

  private static <T> String cells(
      List<T> runs, String form, ToDoubleFunction<T> value, String separator) {
    return runs.stream()
        .map(run -> String.format(Locale.ROOT, form, value.applyAsDouble(run)))
        .collect(Collectors.joining(separator));
  }

  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    all.put("runs", found.recorders());
    found.agents().ifPresent(agents -> all.put("agents", agents.values()));
    all.put("caught", found.caught());
    return Pages.json(all);
  }
}
