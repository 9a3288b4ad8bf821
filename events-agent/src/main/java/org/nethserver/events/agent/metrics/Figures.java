package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** Declares figures in one place and manner. */
final class Figures {
  /** From what a handler in Java takes to what a step may take at most, unless told otherwise. */
  private static final double[] SECONDS = {
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Labels all;

  /**
   * Declares nothing yet.
   *
   * @param all what stands at each figure
   */
  Figures(Labels all) {
    this.all = all;
  }

  /** Reads all. */
  MetricSnapshots read() {
    return registry.scrape();
  }

  /** Declares what is counted here. */
  Counter counter(String name, String help, String... labels) {
    Counter counter =
        Counter.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(all)
            .withoutExemplars()
            .build();
    registry.register(counter);
    return counter;
  }

  /** Declares durations that are observed here. */
  Histogram durations(String name, String help, String... labels) {
    Histogram histogram =
        Histogram.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(all)
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .withoutExemplars()
            .build();
    registry.register(histogram);
    return histogram;
  }

  /** Declares what is counted elsewhere. */
  void counted(String name, String help, DoubleSupplier value) {
    counted(name, help, taker -> taker.accept(value.getAsDouble(), new String[0]));
  }

  /**
   * Declares what is counted elsewhere.
   *
   * @param values gives each value, and those of its labels
   */
  void counted(
      String name, String help, Consumer<BiConsumer<Double, String[]>> values, String... labels) {
    registry.register(
        CounterWithCallback.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(all)
            .callback(callback -> values.accept(callback::call))
            .build());
  }

  /** Declares what goes up and down. */
  void gauge(String name, String help, DoubleSupplier value) {
    gauge(name, help, taker -> taker.accept(value.getAsDouble(), new String[0]));
  }

  /**
   * Declares what goes up and down.
   *
   * @param values gives each value, and those of its labels
   */
  void gauge(
      String name, String help, Consumer<BiConsumer<Double, String[]>> values, String... labels) {
    registry.register(
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(all)
            .callback(callback -> values.accept(callback::call))
            .build());
  }
}
