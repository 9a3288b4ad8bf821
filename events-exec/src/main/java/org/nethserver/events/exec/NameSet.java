package org.nethserver.events.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Names by their hashes, four to eight bytes each: it may hold a name that was never added, but
 * never lacks one that was. Names that differ in the case of ASCII letters alone count as one,
 * since a file system may be told not to tell them apart.
 */
final class NameSet {
  /** What no name has as its hash. */
  static final int NO_NAME = 0;

  private static final int MIN_SLOTS = 16;

  private int[] slots = new int[MIN_SLOTS];
  private int size;

  static int hash(String ascii) {
    int hash = 0;
    for (int i = 0; i < ascii.length(); i++) {
      hash = with(hash, (byte) ascii.charAt(i));
    }
    return end(hash);
  }

  static int hash(byte[] name) {
    int hash = 0;
    for (byte b : name) {
      hash = with(hash, b);
    }
    return end(hash);
  }

  /** Returns the hash of a name that ends with a NUL. */
  static int hash(MemorySegment memory, long start) {
    int hash = 0;
    byte b;
    for (long at = start; (b = memory.get(ValueLayout.JAVA_BYTE, at)) != 0; at++) {
      hash = with(hash, b);
    }
    return end(hash);
  }

  private static int with(int hash, byte b) {
    return (hash ^ (b | 0x20)) * 0x01000193;
  }

  private static int end(int hash) {
    int spread = hash ^ hash >>> 15;
    return spread == NO_NAME ? 1 : spread;
  }

  void add(int hash) {
    if (2 * size >= slots.length) {
      grow();
    }
    int slot = slotOf(hash);
    if (slots[slot] == NO_NAME) {
      slots[slot] = hash;
      size++;
    }
  }

  /** Tells whether a name of this hash may have been added. */
  boolean mayHold(int hash) {
    return slots[slotOf(hash)] != NO_NAME;
  }

  int size() {
    return size;
  }

  private int slotOf(int hash) {
    int slot = hash & slots.length - 1;
    while (slots[slot] != NO_NAME && slots[slot] != hash) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private void grow() {
    int[] old = slots;
    slots = new int[2 * old.length];
    for (int hash : old) {
      if (hash != NO_NAME) {
        slots[slotOf(hash)] = hash;
      }
    }
  }
}
