package org.nethserver.events.agent.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.nethserver.events.agent.run.FileReading;

/**
 * Reads files that lie in somebody else's directories, as root who may read everything: whoever
 * owns a directory could put a link to a secret there, a FIFO, a device, or a file without end, and
 * swap them while one looks. So the way to a file is gone name by name on open directories, and
 * what is checked is what is open.
 *
 * <p>The file is a regular one of 1 MiB at most. It, and each directory on the way, belongs to root
 * or to the user, and no other can change it. Links are followed where only root can make them, and
 * never in place of the file. What belongs to root in the user's reach must be readable for the
 * user: else a second name of it there would bring to light what it holds.
 *
 * @param uid the user
 * @param groups the user's groups, the primary one first
 */
public record GuardedReading(int uid, List<Integer> groups) implements FileReading {
  /** Copies the list. */
  public GuardedReading {
    groups = List.copyOf(groups);
  }

  /** Returns what reads files of root alone. */
  public static GuardedReading ofRoot() {
    return new GuardedReading(0, List.of(0));
  }

  /** Returns what reads files of a user, and root's. */
  public static GuardedReading of(Account user) {
    return new GuardedReading(
        user.uid(),
        Stream.concat(Stream.of(user.gid()), user.groups().stream()).distinct().toList());
  }

  @Override
  public byte[] read(Path file) throws IOException {
    try (GuardedWalk walk = new GuardedWalk(this)) {
      return walk.read(file);
    }
  }

  /** Says why a directory on the way is not passed; empty if it is. */
  String objection(FileStatus status) {
    if (!isOurs(status)) {
      return "belongs to user " + Integer.toUnsignedString(status.uid());
    }
    if (status.isSticky()) {
      return ""; // others can add names there, and each name passed is asked for its owner
    }
    return writable(status);
  }

  /** Says why the file at the end of the way is not read; empty if it is. */
  String fileObjection(FileStatus status, boolean onlyRootWasHere) {
    if (!status.isFile()) {
      return status.isLink() ? "is a symbolic link, which is not followed" : "is no regular file";
    }
    if (!isOurs(status)) {
      return "belongs to user " + Integer.toUnsignedString(status.uid());
    }
    if (uid != 0 && status.uid() == 0 && !onlyRootWasHere && !isReadable(status)) {
      return "belongs to root, and its user may not read it; run chown";
    }
    if (!writable(status).isEmpty()) {
      return writable(status);
    }
    return status.size() > MAX_BYTES ? "is larger than 1 MiB" : "";
  }

  private boolean isOurs(FileStatus status) {
    return status.uid() == 0 || status.uid() == uid;
  }

  private String writable(FileStatus status) {
    if (status.isWorldWritable()) {
      return "is writable by everyone; run chmod o-w";
    }
    boolean ofOthers = status.gid() != 0 && status.gid() != groups.getFirst();
    return status.isGroupWritable() && ofOthers
        ? "is writable by group " + Integer.toUnsignedString(status.gid()) + "; run chmod g-w"
        : "";
  }

  private boolean isReadable(FileStatus status) {
    return groups.contains(status.gid()) ? status.isGroupReadable() : status.isWorldReadable();
  }
}
