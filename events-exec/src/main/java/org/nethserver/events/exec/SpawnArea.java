package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collection;
import org.nethserver.events.api.Variables;

/** The texts that a start needs, laid out in native memory that is used again for the next. */
final class SpawnArea {
  private static final int SLACK = 4096;
  private static final int MANY = 64;

  private MemorySegment strings = Arena.ofAuto().allocate(SLACK);
  private MemorySegment pointers = Arena.ofAuto().allocate((long) MANY * Long.BYTES, 8);

  /** What strings will hold, put together where copying is cheap. */
  private byte[] text = new byte[SLACK];

  private long[] words = new long[MANY];

  /** The variables that strings begins with: most are those of the start before. */
  private byte[][] laid = new byte[MANY][];

  /** Where each of them begins. */
  private int[] starts = new int[MANY];

  private int count;
  private long path;
  private long directory;

  /**
   * Lays out the environment, the path, and the directory.
   *
   * @param file the absolute path, without NUL
   * @param workingDirectory without NUL
   */
  void fill(byte[] file, byte[] workingDirectory, Variables variables) {
    Collection<byte[]> entries = variables.entries();
    reserve(file, workingDirectory, entries);
    long base = strings.address();
    int same = 0;
    int at = 0;
    int added = 0;
    for (byte[] entry : entries) {
      if (added == same && same < count && laid[same] == entry) {
        at = starts[same] + entry.length + 1;
        same++;
        added++;
      } else if (!hasNul(entry)) {
        // At a NUL the kernel would end it: rather none than half a value.
        laid[added] = entry;
        starts[added] = at;
        words[added] = base + at;
        added++;
        at = put(entry, at);
      }
    }
    int unchanged = same == 0 ? 0 : starts[same - 1] + laid[same - 1].length + 1;
    Arrays.fill(laid, added, Math.max(added, count), null);
    count = added;
    words[added] = 0;
    words[added + 1] = base + at;
    words[added + 2] = 0;
    path = base + at;
    at = put(file, at);
    directory = base + at;
    at = put(workingDirectory, at);
    MemorySegment.copy(text, unchanged, strings, ValueLayout.JAVA_BYTE, unchanged, at - unchanged);
    MemorySegment.copy(
        words, same, pointers, ValueLayout.JAVA_LONG, (long) same * Long.BYTES, added + 3 - same);
  }

  private void reserve(byte[] file, byte[] workingDirectory, Collection<byte[]> entries) {
    int size = file.length + workingDirectory.length + 2;
    for (byte[] entry : entries) {
      size += entry.length + 1;
    }
    // Behind the variables an end; then the one argument, and its end.
    int needed = entries.size() + 3;
    if (text.length < size || words.length < needed) {
      text = new byte[Math.max(text.length, size + SLACK)];
      strings = Arena.ofAuto().allocate(text.length);
      words = new long[Math.max(words.length, needed + MANY)];
      pointers = Arena.ofAuto().allocate((long) words.length * Long.BYTES, 8);
      laid = new byte[words.length][];
      starts = new int[words.length];
      count = 0;
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
    return pointers.address() + (count + 1L) * Long.BYTES;
  }

  long envp() {
    return pointers.address();
  }
}
