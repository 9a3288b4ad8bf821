package org.nethserver.events.distribution.benchmarks;

import java.util.List;

/**
 * Many values of one kind.
 *
 * @param least the least value
 * @param lower a quarter of them are below
 * @param median the one in the middle
 * @param upper a quarter of them are above
 * @param most the greatest one
 */
record Figure(double least, double lower, double median, double upper, double most) {
  static Figure of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Figure(
        sorted[0],
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        sorted[sorted.length - 1]);
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
