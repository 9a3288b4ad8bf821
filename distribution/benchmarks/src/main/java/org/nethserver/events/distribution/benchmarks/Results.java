package org.nethserver.events.distribution.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** All that was measured: of each subject, each metric once a turn. */
final class Results {
  private final Conditions conditions;
  private final Map<String, String> commands = new LinkedHashMap<>();
  private final Map<String, Map<Metric, List<Double>>> figures = new LinkedHashMap<>();
  private final Map<String, Count> events = new LinkedHashMap<>();

  Results(Conditions conditions, List<Subject> subjects) {
    this.conditions = conditions;
    for (Subject subject : subjects) {
      // Programs by their names alone: where they lie says nothing to others.
      commands.put(subject.name(), subject.command().replaceAll("(^| )/\\S*/", "$1"));
      figures.put(subject.name(), new EnumMap<>(Metric.class));
      events.put(subject.name(), new Count(0, 0));
    }
  }

  /**
   * Events that should be answered, and were.
   *
   * @param sent how many were published
   * @param answered how many of these were answered
   */
  record Count(long sent, long answered) {
    long lost() {
      return sent - answered;
    }
  }

  void add(Subject subject, Metric metric, double value) {
    figures.get(subject.name()).computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
  }

  /** Adds a value unless the subject is not measured. */
  void addIfKnown(String subject, Metric metric, double value) {
    figures.computeIfPresent(
        subject,
        (_, metrics) -> {
          metrics.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
          return metrics;
        });
  }

  void answered(Subject subject, int sent, int answered) {
    events.computeIfPresent(
        subject.name(), (_, count) -> new Count(count.sent() + sent, count.answered() + answered));
  }

  void answered(Subject subject, Agent.Flood flood) {
    answered(subject, flood.sent(), flood.answered());
  }

  Conditions conditions() {
    return conditions;
  }

  /** What is measured, in the order in which it was named. */
  List<String> subjects() {
    return List.copyOf(figures.keySet());
  }

  /** A figure, unless it is not measured of this subject. */
  Optional<Figure> figure(String subject, Metric metric) {
    return Optional.ofNullable(figures.getOrDefault(subject, Map.of()).get(metric)).map(Figure::of);
  }

  /** How one compares with another, turn by turn, unless one of both is not measured. */
  Optional<Figure> ratio(String of, String to, Metric metric) {
    List<Double> values = figures.getOrDefault(of, Map.of()).getOrDefault(metric, List.of());
    List<Double> others = figures.getOrDefault(to, Map.of()).getOrDefault(metric, List.of());
    List<Double> ratios =
        IntStream.range(0, Math.min(values.size(), others.size()))
            .filter(turn -> others.get(turn) > 0)
            .mapToObj(turn -> values.get(turn) / others.get(turn))
            .toList();
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Figure.of(ratios));
  }

  /** How many of what had to be answered was, of all subjects. */
  Count events() {
    return events.values().stream()
        .reduce(
            new Count(0, 0),
            (one, other) ->
                new Count(one.sent() + other.sent(), one.answered() + other.answered()));
  }

  Count events(String subject) {
    return events.get(subject);
  }

  /** All of it, each round's values included. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    all.putAll(values());
    return Pages.json(all);
  }

  /** What was found, without its conditions. */
  Map<String, Object> values() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("commands", commands);
    all.put("events", events);
    all.put("figures", figures);
    return all;
  }
}
