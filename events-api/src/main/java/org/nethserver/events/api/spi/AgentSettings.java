package org.nethserver.events.api.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a provider of steps may know of the agent that it serves. A process can host several agents.
 *
 * @param id the agent's id, such as {@code module/traefik1}
 * @param eventsDirectories absolute directories with one directory of steps an event, the later
 *     winning; they need not exist
 * @param trust which files may be run
 * @param user as whom its steps run
 */
public record AgentSettings(String id, List<Path> eventsDirectories, Trust trust, StepUser user) {
  /** Makes settings of an agent whose steps run as the process does. */
  public AgentSettings(String id, List<Path> eventsDirectories, Trust trust) {
    this(id, eventsDirectories, trust, new StepUser.Own());
  }

  /** Copies the list and refuses null. */
  public AgentSettings {
    Objects.requireNonNull(id, "id");
    eventsDirectories = List.copyOf(eventsDirectories);
    Objects.requireNonNull(trust, "trust");
    Objects.requireNonNull(user, "user");
  }

  /** Which files may be run. */
  public enum Trust {
    /** Those that only root, the agent's own user, or their primary groups can change. */
    OWNER,
    /** All. */
    ANY
  }
}
