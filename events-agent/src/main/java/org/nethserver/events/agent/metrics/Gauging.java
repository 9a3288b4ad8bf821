package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Clock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.RunListener;

/** All figures of a host, which are read when somebody asks. */
final class Gauging {
  private final Figures figures;
  private final RunFigures runs;
  private volatile Readings readings = Readings.none();
  private volatile @Nullable Subject subject;

  /**
   * Declares all figures.
   *
   * @param labels what stands at each of them
   * @param journal whether agents follow a journal
   */
  Gauging(Labels labels, Counters counters, boolean journal) {
    this.figures = new Figures(labels);
    this.runs = new RunFigures(figures);
    HostFigures host = new HostFigures(figures, this::readings, Clock.systemUTC());
    host.declare(counters);
    if (journal) {
      host.declareJournal();
    }
    ProcessFigures.declare(figures);
  }

  /** Returns what hears of an agent's runs. */
  RunListener runs(String agent) {
    return runs.of(agent);
  }

  /** Says whom to ask, before anything is read. */
  void use(Subject measured) {
    subject = measured;
  }

  /** Asks how the host stands; then runs this on the dispatch thread. Any thread. */
  void refresh(Runnable ready) {
    Subject asked = subject;
    if (asked == null) {
      ready.run();
      return;
    }
    asked.read(
        now -> {
          readings = now;
          runs.retain(now.agents().stream().map(Readings.Agent::id).collect(Collectors.toSet()));
          ready.run();
        });
  }

  /** Runs this on the dispatch thread once all threads have answered. Any thread. */
  void answer(Runnable ready) {
    Subject asked = subject;
    if (asked == null) {
      ready.run();
    } else {
      asked.answer(ready);
    }
  }

  Figures figures() {
    return figures;
  }

  /** Returns how the host stood when it was last asked. */
  Readings readings() {
    return readings;
  }
}
