package org.nethserver.events.distribution.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The results as a section in Markdown. */
final class Section {
  /** Where a ratio says more than the difference. */
  private static final Set<Metric> RATIOS = EnumSet.range(Metric.LATENCY_P50, Metric.UNHEARD_CPU);

  private final Results results;
  private final String raw;
  private final StringBuilder text = new StringBuilder();

  Section(Results results, String raw) {
    this.results = results;
    this.raw = raw;
  }

  String markdown() {
    conditions();
    aims();
    List<String> agents = new ArrayList<>(results.subjects());
    agents.removeAll(Benchmarks.CALLED);
    if (agents.isEmpty()) {
      line("There was no C compiler: no steps were measured.");
    } else {
      line("### Steps");
      text.append(
          """
          `floor` is a program in C that does nothing but subscribe and `posix_spawn`: no checks, no order
          of events, no bounds, no log. `20 agents` is one process that hosts as many, of which one answers
          the event. One-step runs; 16 events wait for an answer at most.

          """);
      table(agents);
      pairs(agents);
    }
    line("### Handlers in Java");
    text.append(
        """
        The same agent, its events answered by a handler of a plugin (`handler`) rather than a step
        (`events`); 4,096 events wait for an answer at most. `call floor` is the program in C, which does
        nothing but note that it heard the event. `plugins` is the agent with five plugins.

        """);
    List<String> columns = new ArrayList<>(Benchmarks.CALLED);
    columns.add(2, Benchmarks.SCRIPTS);
    columns.retainAll(results.subjects());
    table(columns);
    line("![The figures above as bars](benchmarks/agents.svg)");
    line("Raw values of each turn: [" + raw + "](" + raw + ").");
    return text.toString();
  }

  private void conditions() {
    Conditions at = results.conditions();
    line(
        at.text()
            + (at.rounds() == 1 ? " One round." : " %d rounds.".formatted(at.rounds()))
            + " Figures are the median of all turns, the middle half of them in brackets.");
    Results.Count events = results.events();
    line(
        String.format(
            Locale.ROOT,
            "Of %,d answers that had to come %,d did not.",
            events.sent(),
            events.lost()));
  }

  private void aims() {
    List<String> rows = Stream.of(Aim.values()).flatMap(aim -> aim.row(results).stream()).toList();
    if (!rows.isEmpty()) {
      line("### Aims");
      text.append("| | of | aim | measured | reached |\n|---|---|---|---|---|\n");
      line(String.join("\n", rows));
    }
  }

  /** Appends a paragraph. */
  private void line(String paragraph) {
    text.append(paragraph).append("\n\n");
  }

  private void table(List<String> columns) {
    row("", columns);
    text.append("|---".repeat(1 + columns.size())).append("|\n");
    for (Metric metric : EnumSet.complementOf(EnumSet.of(Metric.IMAGE))) {
      List<String> cells = columns.stream().map(column -> cell(column, metric)).toList();
      if (!cells.stream().allMatch(String::isEmpty)) {
        row(metric.title(), cells);
      }
    }
    text.append('\n');
  }

  /** Compares each with each that stands before it. */
  private void pairs(List<String> agents) {
    List<String> rows = new ArrayList<>();
    for (int other = 1; other < agents.size(); other++) {
      for (int one = 0; one < other; one++) {
        List<String> cells = new ArrayList<>();
        for (Metric metric : RATIOS) {
          cells.add(ratio(agents.get(other), agents.get(one), metric));
        }
        rows.add(
            "| %s / %s | %s |"
                .formatted(agents.get(other), agents.get(one), String.join(" | ", cells)));
      }
    }
    if (!rows.isEmpty()) {
      line(
          "Pair by pair: what one took in a turn, divided by what the other took in the same turn; "
              + "the median of these ratios, the least and the greatest in brackets.");
      row("", List.of("p50", "p90", "p99", "events a second", "CPU, answered", "CPU, not handled"));
      text.append("|---".repeat(1 + RATIOS.size())).append("|\n");
      line(String.join("\n", rows));
    }
  }

  private void row(String title, List<String> cells) {
    text.append("| ").append(title);
    cells.forEach(cell -> text.append(" | ").append(cell));
    text.append(" |\n");
  }

  private String cell(String subject, Metric metric) {
    return results
        .figure(subject, metric)
        .map(
            figure ->
                figure.least() == figure.most()
                    ? metric.format(figure.median()) + " " + metric.unit()
                    : "%s %s (%s–%s)"
                        .formatted(
                            metric.format(figure.median()),
                            metric.unit(),
                            metric.format(figure.lower()),
                            metric.format(figure.upper())))
        .orElse("");
  }

  private String ratio(String of, String to, Metric metric) {
    return results
        .ratio(of, to, metric)
        .map(
            figure ->
                String.format(
                    Locale.ROOT,
                    "**%.2f** (%.2f–%.2f)",
                    figure.median(),
                    figure.least(),
                    figure.most()))
        .orElse("");
  }
}
