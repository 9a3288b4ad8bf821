package org.nethserver.events.distribution.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The results as a section in Markdown. */
final class Section {
  private static final Map<Metric, String> AGENT_AIMS =
      Map.of(
          Metric.START, "250 ms, below 400",
          Metric.LATENCY_P50, "1.15 of the floor",
          Metric.RATE, "0.85 of the floor",
          Metric.UNHEARD_CPU, "5 µs",
          Metric.IDLE_RSS, "75 MB");
  private static final Map<Metric, String> HANDLER_AIMS =
      Map.of(Metric.LATENCY_P50, "0.15 ms", Metric.RATE, "30,000/s");

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
    List<String> agents = new ArrayList<>(results.subjects());
    agents.removeAll(Benchmarks.CALLED);
    if (agents.isEmpty()) {
      text.append("There was no C compiler: no steps were measured.\n\n");
    } else {
      line("### Steps");
      text.append(
          """
          `floor` is a program in C that does nothing but subscribe and `posix_spawn`: no checks, no order
          of events, no bounds, no log. One-step runs; 16 events wait for an answer at most.

          """);
      agents(agents);
      text.append('\n');
    }
    line("### Handlers in Java");
    text.append(
        """
        The same agent, its events answered by a handler of a plugin (`handler`) rather than a step
        (`events`); 4,096 events wait for an answer at most. `call floor` is the program in C, which does
        nothing but note that it heard the event. `plugins` is the agent with five plugins.

        """);
    handlers();
    text.append('\n');
    line("![The figures above as bars](benchmarks/agents.svg)");
    line("Raw values of each round: [" + raw + "](" + raw + ").");
    return "\n" + text.toString().strip() + "\n\n";
  }

  private void conditions() {
    Conditions at = results.conditions();
    if (at.quick()) {
      line("**Of a quick run: the figures say only that all can be measured.**");
    }
    line(
        """
        %s on %s with %d cores, Linux %s, Redis %s; load before it began: %.1f. %s\
        """
            .formatted(
                at.date(),
                at.processor(),
                at.cores(),
                at.kernel(),
                at.redis(),
                at.load(),
                results.rounds() == 1
                    ? "One round."
                    : "Figures are the median of %d rounds, the least and the greatest in brackets."
                        .formatted(results.rounds())));
    long lost = results.subjects().stream().mapToLong(each -> results.events(each).lost()).sum();
    long sent = results.subjects().stream().mapToLong(each -> results.events(each).sent()).sum();
    line(
        String.format(
            Locale.ROOT, "Of %,d events that had to be answered %,d were not.", sent, lost));
  }

  /** Appends a paragraph. */
  private void line(String paragraph) {
    text.append(paragraph).append("\n\n");
  }

  private void agents(List<String> agents) {
    String first = agents.getFirst();
    List<String> others = agents.subList(1, agents.size());
    row("", agents, others.stream().map(other -> other + " / " + first).toList(), "aim");
    text.append("|---".repeat(2 + agents.size() + others.size())).append("|\n");
    for (Metric metric : Metric.values()) {
      row(
          metric.title(),
          agents.stream().map(agent -> cell(agent, metric)).toList(),
          others.stream().map(other -> ratio(other, first, metric)).toList(),
          AGENT_AIMS.getOrDefault(metric, ""));
    }
  }

  private void handlers() {
    List<String> columns = new ArrayList<>(Benchmarks.CALLED);
    columns.add(2, Benchmarks.SCRIPTS);
    columns.retainAll(results.subjects());
    row("", columns, List.of(), "aim of `handler`");
    text.append("|---".repeat(2 + columns.size())).append("|\n");
    for (Metric metric : Metric.values()) {
      row(
          metric.title().replace("first instruction", "first instruction of step or handler"),
          columns.stream().map(column -> cell(column, metric)).toList(),
          List.of(),
          HANDLER_AIMS.getOrDefault(metric, ""));
    }
  }

  private void row(String title, List<String> cells, List<String> ratios, String aim) {
    text.append("| ").append(title);
    cells.forEach(cell -> text.append(" | ").append(cell));
    ratios.forEach(ratio -> text.append(" | ").append(ratio));
    text.append(" | ").append(aim).append(" |\n");
  }

  private String cell(String subject, Metric metric) {
    return results
        .figure(subject, metric)
        .map(
            figure ->
                results.rounds() == 1
                    ? metric.format(figure.median()) + " " + metric.unit()
                    : "%s %s (%s–%s)"
                        .formatted(
                            metric.format(figure.median()),
                            metric.unit(),
                            metric.format(figure.least()),
                            metric.format(figure.most())))
        .orElse("");
  }

  private String ratio(String subject, String first, Metric metric) {
    if (!RATIOS.contains(metric)) {
      return "";
    }
    double of = results.figure(subject, metric).orElseThrow().median();
    double to = results.figure(first, metric).orElseThrow().median();
    return String.format(Locale.ROOT, "**%.2f**", of / to);
  }
}
