package org.nethserver.events.api.spi;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@link Transport} that can say what keeps events from coming. Implemented by transports, those
 * of plugins too; called by {@code events doctor}, never by an agent.
 *
 * <p>A check really tries what an agent does, on connections of its own, beside agents that live
 * and work. It changes nothing, and sends nothing that anybody could hear.
 *
 * <p>Threads: any but the transport's own; one call at a time; it blocks.
 *
 * <p>Errors: what does not work is a finding. An exception is shown as a fault of the transport.
 */
public interface Check {
  /**
   * Looks at all that an agent needs.
   *
   * @param wanted what the agent would ask for
   * @return at least one finding, in the order of cause and effect: after one without which the
   *     rest cannot be looked at, the last
   */
  List<Finding> examine(Wanted wanted);

  /**
   * What an agent would ask for.
   *
   * @param patterns those that it subscribes to
   * @param journal the name of the {@link Journal} that it follows, if it does
   * @param limit how long this may take; who takes longer is not waited for
   */
  record Wanted(List<String> patterns, Optional<String> journal, Duration limit) {
    /** Copies the list. */
    public Wanted {
      patterns = List.copyOf(patterns);
      Objects.requireNonNull(journal, "journal");
      Objects.requireNonNull(limit, "limit");
    }
  }
}
