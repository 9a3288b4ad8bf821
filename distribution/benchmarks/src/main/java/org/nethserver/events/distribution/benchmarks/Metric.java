package org.nethserver.events.distribution.benchmarks;

import java.util.Locale;

/** What is measured of each subject. */
enum Metric {
  START("process start to subscribed", "ms", 1),
  LATENCY_P50("`PUBLISH` to first instruction, p50", "ms", 3),
  LATENCY_P90("the same, p90", "ms", 3),
  LATENCY_P99("the same, p99", "ms", 3),
  RATE("events a second, 64 channels", "/s", 0),
  EVENT_CPU("CPU of the agent for such an event", "µs", 1),
  UNHEARD_CPU("CPU of the agent for an event that nobody handles", "µs", 2),
  IDLE_RSS("resident memory, idle", "MB", 1),
  IDLE_PSS("proportional share of it", "MB", 1),
  IDLE_CPU("CPU while idle, a minute", "ms", 1),
  WORKED_RSS("resident memory after 2,000 events", "MB", 1),
  WORKED_PSS("proportional share of it", "MB", 1),
  LOADED_RSS("resident memory after 20,000 runs of all agents", "MB", 1),
  IMAGE("image as `.tar.gz`", "MB", 1);

  private final String title;
  private final String unit;
  private final int decimals;

  Metric(String title, String unit, int decimals) {
    this.title = title;
    this.unit = unit;
    this.decimals = decimals;
  }

  /** Returns what it is, in Markdown. */
  String title() {
    return title;
  }

  /** Returns what it is without what stands in the row above. */
  String fullTitle() {
    if (title.startsWith("the same, ")) {
      return title.replace("the same", LATENCY_P50.title.replace(", p50", ""));
    }
    return title.endsWith("share of it")
        ? values()[ordinal() - 1].title + ", shared in proportion"
        : title;
  }

  String unit() {
    return unit;
  }

  /** Returns a value with as many digits as it is worth, without the unit. */
  String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
