package org.nethserver.events.exec;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may change what this agent runs: root, the agent's own user, and their primary groups. Anyone
 * else who could write a script, or rename something into its place, would run code as the agent.
 *
 * @param uid the agent's user
 * @param gid its primary group
 */
record TrustRules(int uid, int gid) {
  /** The rules for the user of this process. */
  static TrustRules ofThisProcess() {
    return new TrustRules(Posix.geteuid(), Posix.getegid());
  }

  /**
   * Says what is wrong with a file or directory, and the cure.
   *
   * @param status its status
   * @param path its path, for people; asked for only then, as this runs for every step of every
   *     event
   */
  Optional<String> objection(FileStatus status, Supplier<String> path) {
    Optional<String> owner = ownerObjection(status, path);
    if (owner.isPresent()) {
      return owner;
    }
    if (status.isWorldWritable()) {
      return Optional.of(
          "\"%s\" is writable by everyone (mode %s); run chmod o-w"
              .formatted(path.get(), status.permissions()));
    }
    if (status.isGroupWritable() && status.gid() != 0 && status.gid() != gid) {
      return Optional.of(
          "\"%s\" is writable by group %s (mode %s); run chmod g-w"
              .formatted(path.get(), Integer.toUnsignedString(status.gid()), status.permissions()));
    }
    return Optional.empty();
  }

  /**
   * Says what is wrong with a directory that is only passed through. Where its sticky bit is set,
   * as on {@code /tmp}, others can add names but take away none that a trusted user owns; and each
   * name passed is checked for its owner.
   */
  Optional<String> passageObjection(FileStatus status, Supplier<String> path) {
    return status.isSticky() ? ownerObjection(status, path) : objection(status, path);
  }

  /** Says so if the owner is neither root nor the agent's own user. */
  Optional<String> ownerObjection(FileStatus status, Supplier<String> path) {
    if (status.uid() == 0 || status.uid() == uid) {
      return Optional.empty();
    }
    return Optional.of(
        "\"%s\" is owned by user %s, neither root nor the agent's own; run chown %s"
            .formatted(
                path.get(), Integer.toUnsignedString(status.uid()), Integer.toUnsignedString(uid)));
  }
}
