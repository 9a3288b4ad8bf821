package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes the way to an events directory as the kernel does, name by name, and lists it. Each
 * directory on the way is watched before the next name is looked for in it: so whatever would lead
 * elsewhere has either been found, or is told later.
 */
final class WatchedWay implements AutoCloseable {
  /** The kernel's own limit. */
  private static final int MAX_LINKS = 40;

  private static final int LONGEST = 4096;
  private static final int LISTING_SIZE = 16 * 1024;

  /**
   * The types, as of {@code statfs}, of file systems that change by calls of this kernel alone, and
   * tell of each: ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs. Not so what a server, a program or a
   * snapshot can change.
   */
  private static final Set<Long> LOCAL =
      Set.of(0xEF53L, 0x5846_5342L, 0x9123_683EL, 0x0102_1994L, 0x794C_7630L);

  private final KnownNames known;
  private final DirectoryWatch watch;
  private final Set<Integer> watches;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(LISTING_SIZE, 8);
  private final Deque<byte[]> todo = new ArrayDeque<>();

  /** The directory reached, open as a place only; or the negated error. */
  private int here = -Errno.ENOENT;

  /**
   * Prepares to go.
   *
   * @param known for whom
   * @param watches where the numbers of watches are put
   */
  WatchedWay(KnownNames known, DirectoryWatch watch, Set<Integer> watches) {
    this.known = known;
    this.watch = watch;
    this.watches = watches;
  }

  /** Returns the names; null if what they are could change unseen, or cannot be found out. */
  @Nullable NameSet names(byte[] directory) {
    PathBytes.pushParts(directory, todo);
    moveTo(open(Posix.AT_FDCWD, new byte[] {'/'}, Posix.O_PATH));
    int links = 0;
    while (!todo.isEmpty()) {
      byte[] name = todo.pop();
      if (!isWatched(NameSet.hash(name))) {
        return null;
      }
      int next = open(here, name, Posix.O_PATH | Posix.O_NOFOLLOW);
      if (next == -Errno.ENOENT) {
        return new NameSet();
      }
      FileStatus status = next < 0 ? new FileStatus(0, 0, 0, 0) : status(next);
      if (status.isLink() && links < MAX_LINKS) {
        links++;
        follow(next);
      } else if (status.isDirectory()) {
        moveTo(next);
      } else {
        boolean isFile = next >= 0 && !status.isLink();
        if (next >= 0) {
          Posix.close(next);
        }
        // A file has no names in it.
        return isFile ? new NameSet() : null;
      }
    }
    return isWatched(NameSet.NO_NAME) ? list() : null;
  }

  /** Has the place reached watched, if watching tells all. */
  private boolean isWatched(int name) {
    if (here < 0
        || Posix.fstatfs(here, buffer.address()) < 0
        || !LOCAL.contains(buffer.get(ValueLayout.JAVA_LONG, 0))) {
      return false;
    }
    int number = watch.add(here, known, name);
    if (number >= 0) {
      watches.add(number);
    }
    return number >= 0;
  }

  private void follow(int link) {
    buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    int length = Posix.readlinkat(link, buffer.address(), buffer.address(), LONGEST);
    byte[] target = buffer.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
    Posix.close(link);
    PathBytes.pushParts(target, todo);
    if (target.length == 0) {
      moveTo(-Errno.EIO);
    } else if (target[0] == '/') {
      moveTo(open(Posix.AT_FDCWD, new byte[] {'/'}, Posix.O_PATH));
    }
  }

  private @Nullable NameSet list() {
    int listed = open(here, new byte[] {'.'}, Posix.O_RDONLY | Posix.O_DIRECTORY);
    if (listed < 0) {
      return null;
    }
    NameSet names = new NameSet();
    int filled;
    while ((filled = Posix.getdents(listed, buffer.address(), LISTING_SIZE)) > 0
        && names.size() < KnownNames.MAX_NAMES) {
      // As in StepLookUp: the length of an entry at 16, its name at 19.
      for (int at = 0; at < filled; ) {
        names.add(NameSet.hash(buffer, at + 19L));
        at += Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + 16L));
      }
    }
    Posix.close(listed);
    return filled == 0 && names.size() < KnownNames.MAX_NAMES ? names : null;
  }

  private int open(int directory, byte[] name, int flags) {
    if (directory < 0 && directory != Posix.AT_FDCWD) {
      return directory;
    }
    if (name.length >= LONGEST) {
      return -Errno.ENAMETOOLONG;
    }
    MemorySegment.copy(name, 0, buffer, ValueLayout.JAVA_BYTE, 0, name.length);
    buffer.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return Posix.openat(directory, buffer.address(), flags);
  }

  private FileStatus status(int fd) {
    buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    long statx = buffer.address() + LONGEST;
    int error = Posix.statx(fd, buffer.address(), Posix.AT_EMPTY_PATH, statx);
    return error < 0
        ? new FileStatus(0, 0, 0, 0)
        : FileStatus.read(buffer.asSlice(LONGEST, FileStatus.SIZE));
  }

  private void moveTo(int directory) {
    if (here >= 0) {
      Posix.close(here);
    }
    here = directory;
  }

  @Override
  public void close() {
    moveTo(-1);
    arena.close();
  }
}
