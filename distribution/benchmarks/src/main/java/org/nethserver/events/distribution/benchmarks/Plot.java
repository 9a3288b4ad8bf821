package org.nethserver.events.distribution.benchmarks;

import java.util.List;
import java.util.Locale;

/** The results as bars, in a picture that reads well on light and on dark paper. */
final class Plot {
  private static final int WIDTH = 760;
  private static final int LABELS = 110;
  private static final int BARS = 500;
  private static final int ROW = 22;
  private static final int HEADING = 34;

  private final Results results;
  private final StringBuilder body = new StringBuilder();
  private int y;

  Plot(Results results) {
    this.results = results;
  }

  String svg() {
    List<String> all = results.subjects();
    List<String> spawning = all.stream().filter(each -> !Benchmarks.CALLED.contains(each)).toList();
    panel("PUBLISH to first instruction, p50", Metric.LATENCY_P50, all);
    panel("PUBLISH to first instruction, p99", Metric.LATENCY_P99, all);
    panel("Runs of one step a second", Metric.RATE, spawning);
    panel("Calls of a handler a second", Metric.RATE, Benchmarks.CALLED);
    panel("CPU of the agent for an event that is answered", Metric.EVENT_CPU, all);
    panel("CPU of the agent for an event that nobody handles", Metric.UNHEARD_CPU, all);
    panel("Process start to subscribed", Metric.START, all);
    panel("Resident memory, idle", Metric.IDLE_RSS, all);
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
    <title>Agents compared, %s</title>
    %s%s</svg>
    """
        .formatted(WIDTH, y + 10, WIDTH, y + 10, results.conditions().day(), Chart.STYLE, body);
  }

  private void panel(String title, Metric metric, List<String> subjects) {
    List<String> measured =
        subjects.stream().filter(each -> results.figure(each, metric).isPresent()).toList();
    if (measured.isEmpty()) {
      return;
    }
    double most =
        measured.stream()
            .mapToDouble(each -> results.figure(each, metric).orElseThrow().upper())
            .max()
            .orElseThrow();
    y += HEADING;
    add("<text class='title' x='0' y='%d'>%s, %s</text>", y - 8, title, metric.unit());
    for (String subject : measured) {
      bar(subject, metric, results.figure(subject, metric).orElseThrow(), most);
      y += ROW;
    }
  }

  private void bar(String subject, Metric metric, Figure figure, double most) {
    String kind = subject.endsWith(Benchmarks.FLOOR) ? "floor" : "bar";
    double scale = BARS / Math.max(most, Double.MIN_NORMAL);
    add("<text x='0' y='%d'>%s</text>", y + 14, subject);
    add(
        "<rect class='%s' x='%d' y='%d' width='%.1f' height='%d' rx='2'/>",
        kind, LABELS, y + 2, figure.median() * scale, ROW - 6);
    add(
        "<line class='range' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
        LABELS + figure.lower() * scale,
        LABELS + figure.upper() * scale,
        y + ROW / 2 - 1,
        y + ROW / 2 - 1);
    add(
        "<text x='%.1f' y='%d'>%s</text>",
        LABELS + figure.upper() * scale + 8, y + 14, metric.format(figure.median()));
  }

  private void add(String element, Object... values) {
    body.append(String.format(Locale.ROOT, element, values)).append('\n');
  }
}
