package org.nethserver.events.agent.posix;

import java.nio.file.Path;
import java.util.List;

/**
 * A user of the system.
 *
 * @param name the name
 * @param uid the number, unsigned
 * @param gid the primary group, unsigned
 * @param groups all groups, unsigned, the primary one included
 * @param home the home directory
 * @param shell the login shell, perhaps empty
 */
public record Account(
    String name, int uid, int gid, List<Integer> groups, Path home, String shell) {
  /** Copies the list. */
  public Account {
    groups = List.copyOf(groups);
  }

  /** Tells whether it is root, by whatever name. */
  public boolean isRoot() {
    return uid == 0;
  }
}
