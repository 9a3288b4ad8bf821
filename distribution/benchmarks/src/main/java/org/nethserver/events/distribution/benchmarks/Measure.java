package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is measured by the same agents, one after the other in alternation: one value of each a
 * turn, so that the values of one turn are pairs.
 */
enum Measure {
  /** How long it takes until the server knows the subscription. */
  START {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      for (int start = 0; start < scale.starts(); start++) {
        for (Subject subject : subjects) {
          try (Agent agent = Agent.start(subject, homes.of(subject))) {
            results.add(subject, Metric.START, millis(agent.startTime()));
          }
        }
      }
    }
  },

  /** How long an event takes to what answers it, with time to breathe between events. */
  LATENCY {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, homes)) {
        for (Agent agent : company.agents()) {
          agent.pace(scale.warmUps(), WARM_UP);
        }
        for (int stretch = 0; stretch < scale.stretches(); stretch++) {
          Map<Agent, List<Duration>> times = new LinkedHashMap<>();
          for (int block = 0; block < scale.blocks(); block++) {
            for (Agent agent : company.turn(block)) {
              List<Duration> taken = agent.pace(scale.paced(), INTERVAL);
              results.answered(agent.subject(), scale.paced(), taken.size());
              results.add(agent.subject(), Metric.LATENCY_P50, millis(quantile(taken, 0.5)));
              results.add(agent.subject(), Metric.LATENCY_P90, millis(quantile(taken, 0.9)));
              times.computeIfAbsent(agent, _ -> new ArrayList<>()).addAll(taken);
            }
          }
          times.forEach(
              (agent, taken) ->
                  results.add(agent.subject(), Metric.LATENCY_P99, millis(quantile(taken, 0.99))));
        }
      }
    }
  },

  /** How many events are answered in a second, and what one costs the agent. */
  RATE {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, homes)) {
        for (Agent agent : company.agents()) {
          int warmUp = WARM_FLOODS * scale.flood(agent.subject());
          results.answered(
              agent.subject(), agent.flood(warmUp, scale.outstanding(agent.subject())));
        }
        for (int block = 0; block < scale.floods(); block++) {
          for (Agent agent : company.turn(block)) {
            Subject subject = agent.subject();
            Duration before = agent.tree().cpu();
            Agent.Flood flood = agent.flood(scale.flood(subject), scale.outstanding(subject));
            Duration cpu = agent.tree().cpu().minus(before);
            results.answered(subject, flood);
            results.add(subject, Metric.RATE, flood.answered() / seconds(flood.took()));
            results.add(subject, Metric.EVENT_CPU, seconds(cpu) * 1e6 / flood.answered());
          }
        }
      }
    }
  },

  /** What an event costs that the agents hear and have no steps for. */
  UNHEARD {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, homes)) {
        for (Agent agent : company.agents()) {
          results.answered(agent.subject(), agent.ignore(scale.unheard()));
        }
        for (int block = 0; block < scale.floods(); block++) {
          for (Agent agent : company.turn(block)) {
            Duration before = agent.tree().cpu();
            results.answered(agent.subject(), agent.ignore(scale.unheard()));
            Duration cpu = agent.tree().cpu().minus(before);
            results.add(agent.subject(), Metric.UNHEARD_CPU, seconds(cpu) * 1e6 / scale.unheard());
          }
        }
      }
    }
  },

  /** What an agent takes of the memory: alone, since processes of one image share pages. */
  MEMORY {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      for (Subject subject : subjects) {
        try (Agent agent = Agent.start(subject, homes.of(subject))) {
          Thread.sleep(scale.settling());
          ProcessTree.Memory idle = agent.tree().memory();
          results.answered(subject, agent.flood(scale.worked(), scale.outstanding(subject)));
          Thread.sleep(scale.settling());
          ProcessTree.Memory worked = agent.tree().memory();
          results.add(subject, Metric.IDLE_RSS, idle.rss());
          results.add(subject, Metric.IDLE_PSS, idle.pss());
          results.add(subject, Metric.WORKED_RSS, worked.rss());
          results.add(subject, Metric.WORKED_PSS, worked.pss());
          if (subject.extent().isHosted() && scale.loaded() > 0) {
            int events = Math.max(1, scale.loaded() / subject.extent().agents());
            results.answered(subject, agent.floodAll(events, FEW));
            Thread.sleep(scale.settling());
            results.add(subject, Metric.LOADED_RSS, agent.tree().memory().rss());
          }
        }
      }
    }
  },

  /** What CPU time an agent takes that has nothing to do. */
  IDLE {
    @Override
    void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
        throws IOException, InterruptedException {
      try (Company company = Company.start(subjects, homes)) {
        Thread.sleep(scale.settling());
        Map<Agent, Duration> before = new LinkedHashMap<>();
        company.agents().forEach(agent -> before.put(agent, agent.tree().cpu()));
        long begin = System.nanoTime();
        Thread.sleep(scale.idling());
        for (Agent agent : company.agents()) {
          Duration cpu = agent.tree().cpu().minus(before.get(agent));
          double share = seconds(cpu) * 1e9 / (System.nanoTime() - begin);
          results.add(agent.subject(), Metric.IDLE_CPU, share * millis(Duration.ofMinutes(1)));
        }
      }
    }
  };

  private static final int WARM_FLOODS = 2;

  /** Events that may wait for the answers of many agents. */
  private static final int FEW = 4;

  private static final Duration INTERVAL = Duration.ofMillis(12);
  private static final Duration WARM_UP = Duration.ofMillis(4);

  /** Takes the measure of all subjects once. */
  abstract void take(List<Subject> subjects, Homes homes, Scale scale, Results results)
      throws IOException, InterruptedException;

  private static Duration quantile(List<Duration> durations, double share) {
    if (durations.isEmpty()) {
      throw new IllegalStateException("not one event was answered");
    }
    List<Duration> sorted = new ArrayList<>(durations);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
