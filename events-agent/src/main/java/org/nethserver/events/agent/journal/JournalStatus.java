package org.nethserver.events.agent.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How agents stand to the journal.
 *
 * @param there whether there is one: a recorder has said how far it goes, and goes on saying so
 * @param markedAt when a recorder's marker was last heard
 * @param reconciledAt when what was heard was last held against what is recorded
 * @param agents those that take part
 */
public record JournalStatus(
    boolean there, Optional<Instant> markedAt, Optional<Instant> reconciledAt, List<Agent> agents) {
  /** Copies the list. */
  public JournalStatus {
    agents = List.copyOf(agents);
  }

  /** Why an event that is known of was not run. */
  public enum Loss {
    /** It was too old, or its payload was not recorded. */
    PASSED_OVER,

    /** It was gone before it was read. */
    TRIMMED,

    /** The agent's process died in it each time. */
    SET_ASIDE
  }

  /**
   * One agent.
   *
   * @param id its id
   * @param live whether it takes events as they come: it has caught up
   * @param lag how many entries it is behind the last one that a recorder spoke of
   * @param gaps how many gaps of the journal it came by
   * @param lost how many events were not run, as far as they are known of
   */
  public record Agent(String id, boolean live, long lag, long gaps, Map<Loss, Long> lost) {
    /** Copies the map. */
    public Agent {
      lost = Map.copyOf(lost);
    }
  }
}
