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

  /** What strings will hold, put together where copying is cheap. */
  private byte[] text = new byte[SLACK];

  private long[] words = new long[SLACK / Long.BYTES];

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
    reserve(file, workingDirectory, entries);
    long base = strings.address();
    int at = put(file, 0);
    path = base;
    directory = base + at;
    at = put(workingDirectory, at);
    // The one argument and its end; then the variables and theirs.
    words[0] = path;
    words[1] = 0;
    int word = 2;
    for (byte[] entry : entries) {
      // At a NUL the kernel would end it: rather none than half a value.
      if (!hasNul(entry)) {
        words[word++] = base + at;
        at = put(entry, at);
      }
    }
    words[word++] = 0;
    MemorySegment.copy(text, 0, strings, ValueLayout.JAVA_BYTE, 0, at);
    MemorySegment.copy(words, 0, pointers, ValueLayout.JAVA_LONG, 0, word);
    argv = pointers.address();
    envp = argv + 2 * Long.BYTES;
  }

  private void reserve(byte[] file, byte[] workingDirectory, Collection<byte[]> entries) {
    int size = file.length + workingDirectory.length + 2;
    for (byte[] entry : entries) {
      size += entry.length + 1;
    }
    if (text.length < size) {
      text = new byte[size + SLACK];
      strings = Arena.ofAuto().allocate(text.length);
    }
    int count = entries.size() + 3;
    if (words.length < count) {
      words = new long[count + SLACK];
      pointers = Arena.ofAuto().allocate((long) words.length * Long.BYTES, 8);
    }
  }

  private int put(byte[] bytes, int at) {
    System.arraycopy(bytes, 0, text, at, bytes.length);
    text[at + bytes.length] = 0;
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
