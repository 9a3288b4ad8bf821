package org.nethserver.events.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@code statx} tells of a file: its structure is the same on every architecture.
 *
 * @param mode type and permissions
 * @param uid the owner
 * @param gid the owning group
 * @param device major and minor number of a device file, 0 of others
 */
record FileStatus(int mode, int uid, int gid, long device) {
  /** The size of the structure in bytes. */
  static final int SIZE = 256;

  private static final int TYPE = 0xF000;
  private static final int DIRECTORY = 0x4000;
  private static final int CHARACTER_DEVICE = 0x2000;
  private static final int BLOCK_DEVICE = 0x6000;
  private static final int REGULAR = 0x8000;
  private static final int LINK = 0xA000;
  private static final int SOCKET = 0xC000;
  private static final int FIFO = 0x1000;
  private static final long NULL_DEVICE = 1L << 32 | 3;

  static FileStatus read(MemorySegment statx) {
    return new FileStatus(
        Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
        statx.get(ValueLayout.JAVA_INT, 20),
        statx.get(ValueLayout.JAVA_INT, 24),
        (long) statx.get(ValueLayout.JAVA_INT, 128) << 32 | statx.get(ValueLayout.JAVA_INT, 132));
  }

  boolean isRegular() {
    return (mode & TYPE) == REGULAR;
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isLink() {
    return (mode & TYPE) == LINK;
  }

  boolean isNullDevice() {
    return (mode & TYPE) == CHARACTER_DEVICE && device == NULL_DEVICE;
  }

  boolean isExecutableForSomebody() {
    return (mode & 0111) != 0;
  }

  boolean isReadableForAll() {
    return (mode & 0004) != 0;
  }

  boolean isGroupWritable() {
    return (mode & 0020) != 0;
  }

  boolean isWorldWritable() {
    return (mode & 0002) != 0;
  }

  boolean isSticky() {
    return (mode & 01000) != 0;
  }

  /** Returns the permissions as {@code chmod} takes them: {@code 0644}. */
  String permissions() {
    return "%04o".formatted(mode & 07777);
  }

  /** Returns what kind of file it is. */
  String kind() {
    return switch (mode & TYPE) {
      case DIRECTORY -> "a directory";
      case CHARACTER_DEVICE, BLOCK_DEVICE -> "a device";
      case REGULAR -> "a file";
      case LINK -> "a symbolic link";
      case SOCKET -> "a socket";
      case FIFO -> "a named pipe";
      default -> "of an unknown kind";
    };
  }
}
