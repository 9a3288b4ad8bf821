package org.nethserver.events.distribution.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** All that was measured: of each subject, each metric once a round. */
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

  /**
   * A metric over all rounds.
   *
   * @param least the least value
   * @param median the one in the middle
   * @param most the greatest one
   */
  record Figure(double least, double median, double most) {
    private static Figure of(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return new Figure(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }
  }

  void add(Subject subject, Metric metric, double value) {
    figures.get(subject.name()).computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
  }

  void answered(Subject subject, int sent, int answered) {
    events.computeIfPresent(
        subject.name(), (_, count) -> new Count(count.sent() + sent, count.answered() + answered));
  }

  Conditions conditions() {
    return conditions;
  }

  /** How often each was measured. */
  int rounds() {
    return figures.values().stream()
        .flatMap(metrics -> metrics.values().stream())
        .mapToInt(List::size)
        .max()
        .orElse(0);
  }

  /** What is measured, in the order in which it was named. */
  List<String> subjects() {
    return List.copyOf(figures.keySet());
  }

  /** A figure, unless it is not measured of this subject. */
  Optional<Figure> figure(String subject, Metric metric) {
    return Optional.ofNullable(figures.getOrDefault(subject, Map.of()).get(metric)).map(Figure::of);
  }

  Count events(String subject) {
    return events.get(subject);
  }

  /** All of it, each round's values included. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    all.put("commands", commands);
    all.put("events", events);
    all.put("figures", figures);
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(all)
        + "\n";
  }
}
