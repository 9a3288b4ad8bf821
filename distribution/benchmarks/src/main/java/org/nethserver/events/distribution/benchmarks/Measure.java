package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is measured by the same agents, one after the other in alternation. */
enum Measure {
  /** How long it takes until the server knows the subscription. */
  START {
    @Override
    void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
        throws IOException, InterruptedException {
      Map<Subject, List<Duration>> times = new LinkedHashMap<>();
      for (int start = 0; start < scale.starts(); start++) {
        for (Subject subject : subjects) {
          try (Agent agent = Agent.start(subject, tools)) {
            times.computeIfAbsent(subject, _ -> new ArrayList<>()).add(agent.startTime());
          }
        }
      }
      times.forEach(
          (subject, taken) -> results.add(subject, Metric.START, millis(quantile(taken, 0.5))));
    }
  },

  /** How long an event takes to what answers it, with time to breathe between events. */
  LATENCY {
    @Override
    void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, tools)) {
        for (Agent agent : company.agents()) {
          agent.pace(scale.warmUps(), WARM_UP);
        }
        Map<Agent, List<Duration>> times = new LinkedHashMap<>();
        for (int block = 0; block < scale.blocks(); block++) {
          for (Agent agent : company.turn(block)) {
            List<Duration> taken = agent.pace(scale.paced(), INTERVAL);
            results.answered(agent.subject(), scale.paced(), taken.size());
            times.computeIfAbsent(agent, _ -> new ArrayList<>()).addAll(taken);
          }
        }
        times.forEach(
            (agent, taken) -> {
              results.add(agent.subject(), Metric.LATENCY_P50, millis(quantile(taken, 0.5)));
              results.add(agent.subject(), Metric.LATENCY_P90, millis(quantile(taken, 0.9)));
              results.add(agent.subject(), Metric.LATENCY_P99, millis(quantile(taken, 0.99)));
            });
      }
    }
  },

  /** How many events are answered in a second, and what one costs the agent. */
  RATE {
    @Override
    void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, tools)) {
        for (int block = 0; block < 2; block++) {
          for (Agent agent : company.turn(block)) {
            Subject subject = agent.subject();
            Duration before = agent.tree().cpu();
            Agent.Flood flood = agent.flood(scale.flood(subject), scale.outstanding(subject));
            Duration cpu = agent.tree().cpu().minus(before);
            results.answered(subject, flood.sent(), flood.answered());
            if (block > 0) {
              results.add(subject, Metric.RATE, flood.answered() / seconds(flood.took()));
              results.add(subject, Metric.EVENT_CPU, seconds(cpu) * 1e6 / flood.answered());
            }
          }
        }
      }
    }
  },

  /** What an event costs that the agent hears and has no steps for. */
  UNHEARD {
    @Override
    void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, tools)) {
        for (int block = 0; block < 2; block++) {
          for (Agent agent : company.turn(block)) {
            Duration before = agent.tree().cpu();
            Agent.Flood flood = agent.ignore(scale.unheard());
            Duration cpu = agent.tree().cpu().minus(before);
            results.answered(agent.subject(), flood.sent(), flood.answered());
            if (block > 0) {
              results.add(
                  agent.subject(), Metric.UNHEARD_CPU, seconds(cpu) * 1e6 / scale.unheard());
            }
          }
        }
      }
    }
  },

  /**
   * What an agent takes of the machine at rest: alone, since processes of one image share pages.
   */
  IDLE {
    @Override
    void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
        throws IOException, InterruptedException {
      for (Subject subject : subjects) {
        try (Agent agent = Agent.start(subject, tools)) {
          Thread.sleep(scale.settling());
          Duration before = agent.tree().cpu();
          Thread.sleep(scale.idling());
          Duration cpu = agent.tree().cpu().minus(before);
          ProcessTree.Memory idle = agent.tree().memory();
          Agent.Flood flood = agent.flood(WORK, scale.outstanding(subject));
          Thread.sleep(scale.settling());
          ProcessTree.Memory worked = agent.tree().memory();
          results.answered(subject, flood.sent(), flood.answered());
          double share = seconds(cpu) / seconds(scale.idling());
          results.add(subject, Metric.IDLE_CPU, share * millis(Duration.ofMinutes(1)));
          results.add(subject, Metric.IDLE_RSS, idle.rss());
          results.add(subject, Metric.IDLE_PSS, idle.pss());
          results.add(subject, Metric.WORKED_RSS, worked.rss());
          results.add(subject, Metric.WORKED_PSS, worked.pss());
        }
      }
    }
  };

  /** Events that an agent answers before it is called one that has worked. */
  private static final int WORK = 2_000;

  private static final Duration INTERVAL = Duration.ofMillis(12);
  private static final Duration WARM_UP = Duration.ofMillis(4);

  /** Takes the measure of all subjects once. */
  abstract void take(List<Subject> subjects, Tools tools, Scale scale, Results results)
      throws IOException, InterruptedException;

  /** The value below which that share of all lies. */
  static Duration quantile(List<Duration> values, double share) {
    if (values.isEmpty()) {
      return Duration.ZERO;
    }
    List<Duration> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
