package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import org.nethserver.events.api.Variables;

/** The native memory that one thread lays out for each start, used again for the next. */
final class SpawnArea {
  private static final int SLACK = 4096;

  /** Larger than {@code posix_spawn_file_actions_t} of any glibc. */
  private static final int FILE_ACTIONS_SIZE = 512;

  final MemorySegment descriptors = Arena.ofAuto().allocate(2 * ValueLayout.JAVA_INT.byteSize(), 4);
  final MemorySegment pid = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
  final MemorySegment fileActions = Arena.ofAuto().allocate(FILE_ACTIONS_SIZE, 16);
  final MemorySegment buffer = Arena.ofAuto().allocate(ProcessLoop.READ_SIZE);
  private MemorySegment strings = Arena.ofAuto().allocate(SLACK);
  private MemorySegment pointers = Arena.ofAuto().allocate(SLACK, 8);

  private long path;
  private long directory;
  private long argv;
  private long envp;

  /**
   * Lays out the path, the directory, the one argument and the environment.
   *
   * @param file the absolute path, without NUL
   * @param workingDirectory without NUL; empty if it is not to be changed
   */
  void fill(byte[] file, byte[] workingDirectory, Variables variables) {
    Collection<byte[]> entries = variables.entries();
    long size = file.length + workingDirectory.length + 2L;
    for (byte[] entry : entries) {
      size += entry.length + 1L;
    }
    if (strings.byteSize() < size) {
      strings = Arena.ofAuto().allocate(size + SLACK);
    }
    // argv: the path and an end; then as many variables as there may be, and an end.
    long words = (entries.size() + 3L) * Long.BYTES;
    if (pointers.byteSize() < words) {
      pointers = Arena.ofAuto().allocate(words + SLACK, 8);
    }
    long at = 0;
    path = strings.address();
    at = put(file, at);
    directory = strings.address() + at;
    at = put(workingDirectory, at);
    argv = pointers.address();
    pointers.setAtIndex(ValueLayout.JAVA_LONG, 0, path);
    pointers.setAtIndex(ValueLayout.JAVA_LONG, 1, 0);
    envp = pointers.address() + 2 * Long.BYTES;
    int word = 2;
    for (byte[] entry : entries) {
      if (hasNul(entry)) {
        // The kernel would end it there: rather none than half a value.
        continue;
      }
      pointers.setAtIndex(ValueLayout.JAVA_LONG, word++, strings.address() + at);
      at = put(entry, at);
    }
    pointers.setAtIndex(ValueLayout.JAVA_LONG, word, 0);
  }

  private long put(byte[] bytes, long at) {
    MemorySegment.copy(bytes, 0, strings, ValueLayout.JAVA_BYTE, at, bytes.length);
    strings.set(ValueLayout.JAVA_BYTE, at + bytes.length, (byte) 0);
    return at + bytes.length + 1;
  }

  private static boolean hasNul(byte[] entry) {
    for (byte b : entry) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  long path() {
    return path;
  }

  long directory() {
    return directory;
  }

  long argv() {
    return argv;
  }

  long envp() {
    return envp;
  }
}
