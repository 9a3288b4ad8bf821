package org.nethserver.events.distribution.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What became of agents that worked for long.
 *
 * @param time how long
 * @param events how many were published
 * @param runs what became of the runs that these asked for
 * @param idleBefore at rest, after some events of each kind
 * @param samples one each second of the work
 * @param idleAfter at rest again
 */
record Soaked(
    Duration time,
    int events,
    Notes.Tally runs,
    Sample idleBefore,
    List<Sample> samples,
    Sample idleAfter) {
  private static final double WARM_UP = 60;
  private static final double HOUR = 3_600;

  Soaked {
    samples = List.copyOf(samples);
  }

  /** The samples after a minute, or a fifth of the time if that is shorter. */
  List<Sample> warm() {
    double from = Math.min(WARM_UP, time.toSeconds() / 5.0);
    return samples.stream().filter(sample -> sample.seconds() >= from).toList();
  }

  /** How much a value grows an hour, by least squares over the {@link #warm} samples. */
  double slope(ToDoubleFunction<Sample> value) {
    List<Sample> warm = warm();
    double x = warm.stream().mapToDouble(Sample::seconds).average().orElse(0);
    double y = warm.stream().mapToDouble(value).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (Sample sample : warm) {
      products += (sample.seconds() - x) * (value.applyAsDouble(sample) - y);
      squares += (sample.seconds() - x) * (sample.seconds() - x);
    }
    return squares == 0 ? 0 : products / squares * HOUR;
  }
}
