package org.nethserver.events.distribution.benchmarks;

import java.util.Locale;
import java.util.Optional;

/** What the agent of the image is to reach, as a figure or against the floor. */
enum Aim {
  START(Benchmarks.SCRIPTS, Metric.START, 200),
  LATENCY_P50(Benchmarks.SCRIPTS, Metric.LATENCY_P50, 1.10, Benchmarks.FLOOR),
  LATENCY_P99(Benchmarks.SCRIPTS, Metric.LATENCY_P99, 1.2, Benchmarks.FLOOR),
  RATE(Benchmarks.SCRIPTS, Metric.RATE, 0.95, Benchmarks.FLOOR),
  EVENT_CPU(Benchmarks.SCRIPTS, Metric.EVENT_CPU, 140),
  UNHEARD_CPU(Benchmarks.NODE, Metric.UNHEARD_CPU, 5),
  IDLE_RSS(Benchmarks.SCRIPTS, Metric.IDLE_RSS, 70),
  NODE_IDLE_RSS(Benchmarks.NODE, Metric.IDLE_RSS, 85),
  LOADED_RSS(Benchmarks.NODE, Metric.LOADED_RSS, 120),
  IDLE_CPU(Benchmarks.SCRIPTS, Metric.IDLE_CPU, 50),
  NODE_IDLE_CPU(Benchmarks.NODE, Metric.IDLE_CPU, 50),
  IMAGE(Benchmarks.SCRIPTS, Metric.IMAGE, 60),
  CALL_P50(Benchmarks.HANDLER, Metric.LATENCY_P50, 0.15),
  CALL_RATE(Benchmarks.HANDLER, Metric.RATE, 30_000);

  private final String subject;
  private final Metric metric;
  private final double bound;

  /** Empty if the bound is a figure. */
  private final String against;

  Aim(String subject, Metric metric, double bound) {
    this(subject, metric, bound, "");
  }

  Aim(String subject, Metric metric, double bound, String against) {
    this.subject = subject;
    this.metric = metric;
    this.bound = bound;
    this.against = against;
  }

  private boolean isRatio() {
    return !against.isEmpty();
  }

  private Optional<Figure> measured(Results results) {
    return isRatio() ? results.ratio(subject, against, metric) : results.figure(subject, metric);
  }

  private boolean isReached(double value) {
    return metric == Metric.RATE ? value >= bound : value <= bound;
  }

  /** A row of the table of aims, unless it was not measured. */
  Optional<String> row(Results results) {
    return measured(results)
        .map(
            figure ->
                "| %s | `%s`%s | %s %s | %s | %s |"
                    .formatted(
                        metric.fullTitle(),
                        subject,
                        isRatio() ? " / `" + against + "`" : "",
                        metric == Metric.RATE ? "≥" : "≤",
                        text(bound),
                        text(figure.median()),
                        isReached(figure.median()) ? "yes" : "**no**"));
  }

  private String text(double value) {
    return isRatio()
        ? String.format(Locale.ROOT, "%.2f", value)
        : metric.format(value) + " " + metric.unit();
  }
}
