package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The kernel's notes of what changes in directories. Notes of a change are there before the call
 * returns that made it. One thread.
 */
final class Inotify implements AutoCloseable {
  /** Who hears of changes. */
  interface Listener {
    /**
     * A directory has changed.
     *
     * @param watch which
     * @param name the hash of the name in it that was added or given other rights; {@link
     *     NameSet#NO_NAME} if it was the directory itself that was renamed or given other rights,
     *     or if it is no longer watched
     */
    void changed(int watch, int name);

    /** There were more changes than the kernel keeps notes of. */
    void overflowed();
  }

  private static final int ATTRIB = 0x4;
  private static final int MOVED_TO = 0x80;
  private static final int CREATE = 0x100;
  private static final int MOVE_SELF = 0x800;
  private static final int OVERFLOW = 0x4000;
  private static final int ONLY_DIRECTORY = 0x0100_0000;

  /** What vanishes does not matter: something must be added in its place to be found there. */
  private static final int ADDITIONS = ATTRIB | MOVED_TO | CREATE | MOVE_SELF | ONLY_DIRECTORY;

  /** Some 600 notes. */
  private static final int SIZE = 32 * 1024;

  /** Of {@code struct inotify_event}: watch, mask, cookie, length of the name, the name. */
  private static final int HEADER = 16;

  private static final int LONGEST = HEADER + 256;

  private final int fd = Posix.inotify();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment notes = arena.allocate(SIZE, 8);
  private final MemorySegment path = arena.allocate(64);

  /** Returns the descriptor that is readable when there are notes, or the negated error. */
  int descriptor() {
    return fd;
  }

  /**
   * Begins to watch an open directory.
   *
   * @return the watch's number, the same each time, or the negated error
   */
  int add(int directory) {
    // By its descriptor: whatever stands at its path meanwhile, this is the one.
    path.setString(0, "/proc/self/fd/" + directory, StandardCharsets.US_ASCII);
    return Posix.inotifyAdd(fd, path.address(), ADDITIONS);
  }

  void remove(int watch) {
    Posix.inotifyRemove(fd, watch);
  }

  /**
   * Tells what has changed, up to a bound.
   *
   * @return whether that was all
   */
  boolean read(Listener listener) {
    int filled = Posix.read(fd, notes.address(), SIZE);
    for (int at = 0; at < filled; ) {
      if ((notes.get(ValueLayout.JAVA_INT, at + 4L) & OVERFLOW) != 0) {
        listener.overflowed();
      } else {
        int length = notes.get(ValueLayout.JAVA_INT, at + 12L);
        listener.changed(
            notes.get(ValueLayout.JAVA_INT, at),
            length == 0 ? NameSet.NO_NAME : NameSet.hash(notes, (long) at + HEADER));
      }
      at += HEADER + notes.get(ValueLayout.JAVA_INT, at + 12L);
    }
    return filled == -Errno.EAGAIN || filled >= 0 && filled <= SIZE - LONGEST;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      Posix.close(fd);
    }
    arena.close();
  }
}
