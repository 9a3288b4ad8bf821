package org.nethserver.events.distribution.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The cost as it grows, as a section in Markdown and as lines over the number of agents. */
final class GrowthSection {
  private static final List<Metric> METRICS =
      Stream.of(Metric.values())
          .filter(metric -> metric != Metric.RATE && metric != Metric.IMAGE)
          .filter(metric -> metric != Metric.LATENCY_P90 && metric != Metric.LOADED_RSS)
          .toList();

  private final Growth growth;
  private final Results results;

  GrowthSection(Growth growth, Results results) {
    this.growth = growth;
    this.results = results;
  }

  String markdown(String raw) {
    StringBuilder text = new StringBuilder(results.conditions().text());
    text.append(
        String.format(
            Locale.ROOT,
            """
             One round; medians.
            Of %,d answers that had to come %,d did not. An event is answered by one of the agents. An event that
            nobody handles is looked up for each: its CPU is that of all agents together.

            | events directories of each agent, agents\
            """,
            results.events().sent(),
            results.events().lost()));
    for (int directories : growth.directories()) {
      for (int agents : growth.agents()) {
        text.append(String.format(Locale.ROOT, " | %,d: **%d**", directories, agents));
      }
    }
    text.append(" |\n").append("|---".repeat(1 + results.subjects().size())).append("|\n");
    for (Metric metric : METRICS) {
      text.append("| ").append(metric.fullTitle()).append(", ").append(metric.unit());
      for (String subject : results.subjects()) {
        text.append(" | ").append(metric.format(value(subject, metric)));
      }
      text.append(" |\n");
    }
    text.append("\n![The same as lines](benchmarks/growth.svg)\n\n");
    return text + "Raw values of each turn: [" + raw + "](" + raw + ").\n";
  }

  String svg() {
    Chart chart = new Chart("Cost as it grows, " + results.conditions().day());
    panel(chart, "Resident memory, idle", Metric.IDLE_RSS);
    panel(chart, "Resident memory after 2,000 events", Metric.WORKED_RSS);
    panel(chart, "CPU, event that nobody handles", Metric.UNHEARD_CPU);
    panel(chart, "CPU, event that is answered", Metric.EVENT_CPU);
    panel(chart, "PUBLISH to first instruction, p50", Metric.LATENCY_P50);
    panel(chart, "Process start to subscribed", Metric.START);
    return chart.svg();
  }

  private void panel(Chart chart, String title, Metric metric) {
    Map<String, List<Chart.Point>> lines = new LinkedHashMap<>();
    for (int directories : growth.directories()) {
      lines.put(
          String.format(Locale.ROOT, "%,d directories", directories),
          growth.agents().stream()
              .map(
                  agents ->
                      new Chart.Point(x(agents), value(Growth.name(agents, directories), metric)))
              .toList());
    }
    List<Chart.Mark> marks =
        growth.agents().stream()
            .map(agents -> new Chart.Mark(x(agents), agents == 1 ? "1 agent" : agents.toString()))
            .toList();
    chart.panel(title + ", " + metric.unit(), marks, lines);
  }

  /** Each step to the right is so many times as many. */
  private double x(int agents) {
    return Math.log(agents) / Math.log(growth.agents().getLast());
  }

  private double value(String subject, Metric metric) {
    return results.figure(subject, metric).orElseThrow().median();
  }
}
