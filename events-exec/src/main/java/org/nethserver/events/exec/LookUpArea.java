package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.nethserver.events.api.EventName;

/** The native memory in which an events directory is looked at, used again for each look-up. */
final class LookUpArea implements AutoCloseable {
  static final int LISTING_SIZE = 16 * 1024;

  private final byte[] directory;
  private final Arena arena = Arena.ofShared();

  /** The directory's path and a slash, behind which each look-up writes the event's name. */
  private final MemorySegment path;

  final MemorySegment statx = arena.allocate(FileStatus.SIZE, 8);
  final MemorySegment listing = arena.allocate(LISTING_SIZE, 8);

  /** An empty path. */
  final MemorySegment empty = arena.allocate(1);

  /**
   * Allocates it.
   *
   * @param directory the events directory's absolute path
   */
  LookUpArea(byte[] directory) {
    this.directory = directory;
    this.path = arena.allocate(directory.length + 1 + EventName.MAX_LENGTH + 1);
    MemorySegment.copy(directory, 0, path, ValueLayout.JAVA_BYTE, 0, directory.length);
  }

  /** Returns the events directory, for people. */
  String origin() {
    return PathBytes.printable(directory);
  }

  /** Returns the events directory's path. */
  byte[] directory() {
    return directory;
  }

  /** Returns the path of an event's directory. */
  byte[] directoryOf(EventName event) {
    return PathBytes.join(directory, event.text().getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns the address of the path of an event's directory, until the next such call. */
  long pathOf(EventName event) {
    path.set(ValueLayout.JAVA_BYTE, directory.length, (byte) '/');
    // An event's name is ASCII, and ends with the NUL that setString adds.
    path.setString(directory.length + 1L, event.text(), StandardCharsets.US_ASCII);
    return path.address();
  }

  /** Returns the address of the events directory's path, until the next such call. */
  long pathOfDirectory() {
    path.set(ValueLayout.JAVA_BYTE, directory.length, (byte) 0);
    return path.address();
  }

  @Override
  public void close() {
    arena.close();
  }
}
