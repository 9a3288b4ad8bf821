package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Agents that run side by side and are measured by turns. */
record Company(List<Agent> agents) implements AutoCloseable {
  static Company start(List<Subject> subjects, Homes homes)
      throws IOException, InterruptedException {
    Company company = new Company(new ArrayList<>());
    try {
      for (Subject subject : subjects) {
        company.agents.add(Agent.start(subject, homes.of(subject)));
      }
      return company;
    } catch (IOException | InterruptedException | RuntimeException e) {
      company.close();
      throw e;
    }
  }

  /** In their order, and every other time the other way round: what drifts hits all alike. */
  List<Agent> turn(int block) {
    return block % 2 == 0 ? agents : agents.reversed();
  }

  @Override
  public void close() throws IOException {
    for (Agent agent : agents.reversed()) {
      agent.close();
    }
  }
}
