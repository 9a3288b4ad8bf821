package org.nethserver.events.agent.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.journal.JournalStatus;
import org.nethserver.events.agent.run.HostedAgent;

/**
 * How a host stands at one moment, as its dispatch thread knows it.
 *
 * @param ending whether it takes no more events
 * @param connected whether events are heard
 * @param trouble why they are not, if that was told
 * @param gaps how long they were not heard since they were first, all gaps together
 * @param places how many runs of all agents there may be at once
 * @param agents the agents
 * @param journal how they stand to the journal, if they follow one
 */
public record Readings(
    boolean ending,
    boolean connected,
    Optional<String> trouble,
    Duration gaps,
    int places,
    List<Agent> agents,
    Optional<JournalStatus> journal) {
  /** Copies the list. */
  public Readings {
    agents = List.copyOf(agents);
  }

  /** Returns how a host stands that has not begun. */
  static Readings none() {
    return new Readings(
        false, false, Optional.empty(), Duration.ZERO, 0, List.of(), Optional.empty());
  }

  /**
   * One agent.
   *
   * @param id its id
   * @param running how many runs there are
   * @param places how many there may be
   * @param waiting how many events wait
   * @param waitingBytes how many bytes of payload wait
   * @param oldest when the event came that has waited longest
   */
  public record Agent(
      String id,
      int running,
      int places,
      int waiting,
      long waitingBytes,
      Optional<Instant> oldest) {
    /** Reads an agent. On the dispatch thread. */
    public static Agent of(HostedAgent agent) {
      return new Agent(
          agent.id(),
          agent.running(),
          agent.places(),
          agent.waiting(),
          agent.waitingBytes(),
          agent.oldest());
    }
  }

  /** Returns why the host is not ready, in a sentence; empty if it is. */
  Optional<String> notReady() {
    if (ending) {
      return Optional.of("ending: no more events are taken");
    }
    if (!connected) {
      return Optional.of("not subscribed: " + trouble.orElse("still connecting"));
    }
    List<String> behind =
        journal.stream()
            .flatMap(status -> status.agents().stream())
            .filter(agent -> !agent.live())
            .map(JournalStatus.Agent::id)
            .toList();
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        behind.size() == 1
            ? behind.getFirst() + " has not caught up with the journal"
            : behind.size()
                + " agents have not caught up with the journal, such as "
                + behind.getFirst());
  }
}
