package org.nethserver.events.distribution.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines over a number, a panel each quantity, two panels a row; for light and dark paper. */
final class Chart {
  static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, sans-serif; fill: #24292f }
        .title { font-weight: 600 }
        .bar { fill: #2f6f9f }
        .floor { fill: #9aa5b1 }
        .range { stroke: #24292f; stroke-width: 1.5 }
        .axis { stroke: #d0d7de; stroke-width: 1 }
        .line { fill: none; stroke-width: 2 }
        .s0 { stroke: #2f6f9f } .s1 { stroke: #b35900 }
        .t0 { fill: #2f6f9f } .t1 { fill: #b35900 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .bar { fill: #6cb0e0 }
          .floor { fill: #6e7781 }
          .range { stroke: #e6edf3 }
          .axis { stroke: #3d444d }
          .s0 { stroke: #6cb0e0 } .s1 { stroke: #f0a35e }
          .t0 { fill: #6cb0e0 } .t1 { fill: #f0a35e }
        }
      </style>
      """;

  private static final int PANEL = 380;
  private static final int HEIGHT = 210;
  private static final int LEFT = 52;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 36;
  private static final int GRID = 4;

  private final String title;
  private final List<String> panels = new ArrayList<>();

  Chart(String title) {
    this.title = title;
  }

  /** A point of a line: x is where it stands, from 0 to 1; y the value. */
  record Point(double x, double y) {}

  /** The marks below a panel: where, and what. */
  record Mark(double x, String text) {}

  /**
   * Adds a panel, whose values begin at 0.
   *
   * @param heading with the unit
   * @param marks those of the x axis
   * @param lines two at most, by their names
   */
  void panel(String heading, List<Mark> marks, Map<String, List<Point>> lines) {
    double most =
        lines.values().stream().flatMap(List::stream).mapToDouble(Point::y).max().orElse(1);
    double top = round(most);
    StringBuilder body = new StringBuilder();
    add(body, "<text class='title' x='0' y='16'>%s</text>", heading);
    for (int step = 0; step <= GRID; step++) {
      double value = top * step / GRID;
      add(
          body,
          "<line class='axis' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>"
              + "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT,
          PANEL - RIGHT,
          y(value, top),
          y(value, top),
          LEFT - 6,
          y(value, top) + 4,
          label(value));
    }
    for (Mark mark : marks) {
      add(
          body,
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          x(mark.x),
          HEIGHT - BOTTOM + 16,
          mark.text);
    }
    int number = 0;
    for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
      StringBuilder points = new StringBuilder();
      for (Point point : line.getValue()) {
        add(points, "%.1f,%.1f ", x(point.x), y(point.y, top));
      }
      add(
          body,
          "<polyline class='line s%d' points='%s'/><text class='t%d' x='%d' y='34'>%s</text>",
          number,
          points.toString().replace("\n", ""),
          number,
          LEFT + number * 150,
          "— " + line.getKey());
      number++;
    }
    panels.add(body.toString());
  }

  String svg() {
    int rows = (panels.size() + 1) / 2;
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < panels.size(); i++) {
      add(
          all,
          "<g transform='translate(%d %d)'>%s</g>",
          i % 2 * (PANEL + 10),
          i / 2 * (HEIGHT + 10),
          panels.get(i));
    }
    int width = 2 * PANEL + 10;
    int height = rows * (HEIGHT + 10);
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
    <title>%s</title>
    %s%s</svg>
    """
        .formatted(width, height, width, height, title, STYLE, all);
  }

  /** The least of 1, 2, 3, 4, 6, 8 and 10, of whatever decade, that holds the value. */
  private static double round(double most) {
    if (most <= 0) {
      return 1;
    }
    double decade = Math.pow(10, Math.floor(Math.log10(most)));
    for (double digit : new double[] {1, 2, 3, 4, 6, 8}) {
      if (most <= digit * decade) {
        return digit * decade;
      }
    }
    return 10 * decade;
  }

  private static String label(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
  }

  private static double x(double share) {
    return LEFT + share * (PANEL - LEFT - RIGHT);
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
  }

  private static void add(StringBuilder text, String element, Object... values) {
    text.append(String.format(Locale.ROOT, element, values)).append('\n');
  }
}
