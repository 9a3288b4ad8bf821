package org.nethserver.events.agent.text;

/** Walks through bytes that are perhaps UTF-8. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The length of the character that begins at an index, 1 to 4, or 0 if there is none: a stray
   * byte, a truncated, overlong or surrogate sequence.
   */
  static int sequence(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || at + length > bytes.length) {
      return 0;
    }
    for (int i = at + 1; i < at + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean wrong =
        first == 0xe0 && second < 0xa0
            || first == 0xed && second >= 0xa0
            || first == 0xf0 && second < 0x90
            || first == 0xf4 && second >= 0x90;
    return wrong ? 0 : length;
  }

  /** Tells whether all bytes are characters. */
  static boolean isWhole(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int length = sequence(bytes, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The longest whole number of characters that fits into a number of bytes. */
  public static int cut(byte[] bytes, int limit) {
    int end = limit;
    while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }
}
