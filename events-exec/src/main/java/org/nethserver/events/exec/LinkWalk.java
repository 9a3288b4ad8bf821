package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Follows a symbolic link as the kernel does, name by name, and asks at each whether somebody else
 * could lead it elsewhere. It is not enough to look at the final file: whoever owns a link in
 * between, or can rename a directory on the way, could point the step at any other trusted program.
 *
 * <p>So all of these must be trusted: each directory passed, from the one that holds the link (or
 * from the root, for an absolute link); each further link that lies in a shared, sticky directory;
 * the directory that the target lies in, where a sticky bit does not help; and the target.
 */
final class LinkWalk implements AutoCloseable {
  /** The kernel's own limit. */
  private static final int MAX_LINKS = 40;

  private static final int LONGEST = 4096;

  private final TrustRules rules;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment text = arena.allocate(LONGEST);
  private final MemorySegment statx = arena.allocate(FileStatus.SIZE, 8);
  private final Deque<byte[]> todo = new ArrayDeque<>();

  /** The directory reached, open as a place only. */
  private int here;

  private FileStatus hereStatus;

  /**
   * Begins in a directory.
   *
   * @param directory open; stays the caller's
   */
  LinkWalk(TrustRules rules, int directory) {
    this.rules = rules;
    this.here = open(directory, new byte[] {'.'});
    this.hereStatus = here < 0 ? new FileStatus(0, 0, 0, 0) : status(here);
  }

  /** Says what is wrong on the way from a name to its final target. */
  Optional<String> objection(byte[] name) {
    todo.push(name);
    int links = 0;
    while (!todo.isEmpty()) {
      if (here < 0) {
        return Optional.of("the symbolic link cannot be followed: " + Errno.text(here));
      }
      int next = open(here, todo.pop());
      if (next < 0) {
        return Optional.of("the symbolic link cannot be followed: " + Errno.text(next));
      }
      FileStatus status = status(next);
      if (status.isLink()) {
        Optional<String> objection = linkObjection(next, status);
        if (objection.isPresent() || ++links > MAX_LINKS) {
          Posix.close(next);
          return objection.or(() -> Optional.of(Errno.text(Errno.ELOOP)));
        }
        pushTarget(next);
        Posix.close(next);
      } else if (status.isDirectory()) {
        moveTo(next, status);
        Optional<String> objection = rules.passageObjection(status, () -> path(here));
        if (objection.isPresent()) {
          return objection;
        }
      } else {
        Optional<String> objection =
            rules
                .objection(hereStatus, () -> path(here))
                .or(() -> rules.objection(status, () -> path(next)));
        Posix.close(next);
        return objection;
      }
    }
    return rules.objection(hereStatus, () -> path(here));
  }

  /** Nobody can replace a link in a directory of ours; in a sticky one only its owner can. */
  private Optional<String> linkObjection(int link, FileStatus status) {
    return hereStatus.isSticky()
        ? rules.ownerObjection(status, () -> path(link))
        : Optional.empty();
  }

  private void pushTarget(int link) {
    byte[] target = read(link, "");
    PathBytes.pushParts(target, todo);
    if (target.length > 0 && target[0] == '/') {
      int root = open(Posix.AT_FDCWD, new byte[] {'/'});
      moveTo(root, root < 0 ? hereStatus : status(root));
    }
  }

  private void moveTo(int directory, FileStatus status) {
    if (here >= 0) {
      Posix.close(here);
    }
    here = directory;
    hereStatus = status;
  }

  private int open(int directory, byte[] name) {
    if (name.length >= LONGEST) {
      return -Errno.ENAMETOOLONG;
    }
    MemorySegment.copy(name, 0, text, ValueLayout.JAVA_BYTE, 0, name.length);
    text.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return Posix.openat(directory, text.address(), Posix.O_PATH | Posix.O_NOFOLLOW);
  }

  private FileStatus status(int fd) {
    text.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    int error = Posix.statx(fd, text.address(), Posix.AT_EMPTY_PATH, statx.address());
    // Cannot fail on an open descriptor; if it does, nobody is trusted.
    return error < 0 ? new FileStatus(0002, -1, -1, 0) : FileStatus.read(statx);
  }

  /** Returns where a descriptor leads, for people. */
  private String path(int fd) {
    return PathBytes.printable(read(Posix.AT_FDCWD, "/proc/self/fd/" + fd));
  }

  private byte[] read(int directory, String link) {
    text.setString(0, link, StandardCharsets.US_ASCII);
    int length = Posix.readlinkat(directory, text.address(), text.address(), LONGEST);
    return text.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    if (here >= 0) {
      Posix.close(here);
    }
    arena.close();
  }
}
