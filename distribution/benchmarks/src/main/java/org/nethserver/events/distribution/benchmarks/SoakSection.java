package org.nethserver.events.distribution.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What became of agents that worked for long, as a section in Markdown and as lines. */
final class SoakSection {
  private static final int MARKS = 5;

  private final Conditions conditions;
  private final Soaked soaked;

  SoakSection(Conditions conditions, Soaked soaked) {
    this.conditions = conditions;
    this.soaked = soaked;
  }

  String markdown(String raw) {
    Notes.Tally runs = soaked.runs();
    return String.format(
            Locale.ROOT,
            """
            %s

            20 hosted agents under 200 events a second for %,d s: %,d events in all, a third of them of 3 KB,
            which asked for %,d runs of programs, scripts and handlers in Java. Runs that were lost: %,d; that
            came twice: %,d; that nobody had asked for: %,d; out of their channel's order: %,d.

            | | idle before | at work | growth an hour | idle after |
            |---|---|---|---|---|
            """,
            conditions.text(),
            soaked.time().toSeconds(),
            soaked.events(),
            runs.expected(),
            runs.lost(),
            runs.doubled(),
            runs.strange(),
            runs.disordered())
        + row("resident memory, MB", "%.1f", Sample::rss)
        + row("proportional share of it, MB", "%.1f", Sample::pss)
        + row("descriptors", "%.0f", Sample::descriptors)
        + row("threads", "%.0f", Sample::threads)
        + """

        At work: the least and the greatest of the samples of each second, growth by least squares over these,
        both without the first minute (or fifth, if that is shorter).

        ![Memory, descriptors and threads over time](benchmarks/soak.svg)

        """
        + "All samples: ["
        + raw
        + "]("
        + raw
        + ").\n";
  }

  private String row(String title, String form, ToDoubleFunction<Sample> value) {
    List<Sample> warm = soaked.warm();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s–%s | %+.1f | %s |%n",
        title,
        text(form, value.applyAsDouble(soaked.idleBefore())),
        text(form, warm.stream().mapToDouble(value).min().orElse(0)),
        text(form, warm.stream().mapToDouble(value).max().orElse(0)),
        soaked.slope(value),
        text(form, value.applyAsDouble(soaked.idleAfter())));
  }

  private static String text(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }

  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    all.put("soaked", soaked);
    return Pages.json(all);
  }

  String svg() {
    Chart chart = new Chart("Agents at work, " + conditions.day());
    Map<String, List<Chart.Point>> memory = new LinkedHashMap<>();
    memory.put("resident", points(Sample::rss));
    memory.put("proportional share", points(Sample::pss));
    chart.panel("Memory, MB", marks(), memory);
    Map<String, List<Chart.Point>> counts = new LinkedHashMap<>();
    counts.put("descriptors", points(Sample::descriptors));
    counts.put("threads", points(Sample::threads));
    chart.panel("Descriptors and threads", marks(), counts);
    return chart.svg();
  }

  private List<Chart.Point> points(ToDoubleFunction<Sample> value) {
    return soaked.samples().stream()
        .map(
            sample -> new Chart.Point(sample.seconds() / lastSecond(), value.applyAsDouble(sample)))
        .toList();
  }

  private double lastSecond() {
    return soaked.samples().getLast().seconds();
  }

  private List<Chart.Mark> marks() {
    return IntStream.rangeClosed(0, MARKS)
        .mapToObj(
            mark ->
                new Chart.Mark(
                    (double) mark / MARKS, Math.round(lastSecond() * mark / MARKS) + " s"))
        .toList();
  }
}
