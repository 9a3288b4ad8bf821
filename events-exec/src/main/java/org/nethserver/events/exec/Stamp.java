package org.nethserver.events.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * What differs once a file or directory was written, renamed, replaced, or given other rights or
 * another owner: which it is, and when it was last changed in any way.
 *
 * @param device the file system
 * @param inode the file on it
 * @param seconds since 1970, when its status was changed last
 * @param nanos and the nanoseconds; the kernel's clock for files ticks every few milliseconds
 */
record Stamp(long device, long inode, long seconds, int nanos) {
  static Stamp read(MemorySegment statx) {
    return new Stamp(device(statx), inode(statx), seconds(statx), nanos(statx));
  }

  /** Tells whether a status is of the same file, unchanged. */
  boolean matches(MemorySegment statx) {
    return inode == inode(statx)
        && seconds == seconds(statx)
        && nanos == nanos(statx)
        && device == device(statx);
  }

  /** Tells whether it was last changed before a moment. */
  boolean isBefore(Instant moment) {
    return seconds < moment.getEpochSecond();
  }

  private static long device(MemorySegment statx) {
    return statx.get(ValueLayout.JAVA_LONG, 136);
  }

  private static long inode(MemorySegment statx) {
    return statx.get(ValueLayout.JAVA_LONG, 32);
  }

  private static long seconds(MemorySegment statx) {
    return statx.get(ValueLayout.JAVA_LONG, 96);
  }

  private static int nanos(MemorySegment statx) {
    return statx.get(ValueLayout.JAVA_INT, 104);
  }
}
