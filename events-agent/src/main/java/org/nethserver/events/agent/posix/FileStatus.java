package org.nethserver.events.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What statx(2) tells of an open file.
 *
 * @param mode type and permissions
 * @param uid its owner, unsigned
 * @param gid its group, unsigned
 * @param size its size
 */
record FileStatus(int mode, int uid, int gid, long size) {
  /** The size of struct statx. */
  static final int BYTES = 256;

  private static final int TYPE = 0170000;
  private static final int FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;
  private static final int STICKY = 01000;

  static FileStatus read(MemorySegment statx) {
    return new FileStatus(
        statx.get(JAVA_SHORT, 28) & 0xffff,
        statx.get(JAVA_INT, 20),
        statx.get(JAVA_INT, 24),
        statx.get(JAVA_LONG, 40));
  }

  boolean isFile() {
    return (mode & TYPE) == FILE;
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isLink() {
    return (mode & TYPE) == LINK;
  }

  /** A directory in which only owners can take away or rename what is theirs. */
  boolean isSticky() {
    return isDirectory() && (mode & STICKY) != 0;
  }

  boolean isWorldWritable() {
    return (mode & 0002) != 0;
  }

  boolean isGroupWritable() {
    return (mode & 0020) != 0;
  }

  boolean isWorldReadable() {
    return (mode & 0004) != 0;
  }

  boolean isGroupReadable() {
    return (mode & 0040) != 0;
  }

  /** Tells whether nobody but root can take away or rename what root has in this directory. */
  boolean isRootAlone() {
    return uid == 0 && (isSticky() || (!isWorldWritable() && (!isGroupWritable() || gid == 0)));
  }
}
