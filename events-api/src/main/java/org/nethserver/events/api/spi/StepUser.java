package org.nethserver.events.api.spi;

import java.util.List;
import java.util.Objects;

/**
 * As which user an agent's steps run, and with it whose files are trusted: root's and this user's.
 */
public sealed interface StepUser {
  /** The user of this process. */
  record Own() implements StepUser {}

  /**
   * Another user, for a process that may become one: privileges are dropped before the step's first
   * instruction, and it cannot get them back.
   *
   * @param name the user's name, for people
   * @param uid the user's number, unsigned
   * @param gid the number of the primary group, unsigned
   * @param groups all groups, numbers unsigned, the primary one included
   */
  record Other(String name, int uid, int gid, List<Integer> groups) implements StepUser {
    /** Copies the list, and refuses null and root, whom one only becomes by being it. */
    public Other {
      Objects.requireNonNull(name, "name");
      groups = List.copyOf(groups);
      if (uid == 0) {
        throw new IllegalArgumentException("user \"" + name + "\" is root");
      }
    }
  }
}
