package org.nethserver.events.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a step, such as {@code 50reload}: a file name, or what looks like one. Steps of an
 * event run in the order of their names' bytes, and a later provider's step replaces an earlier one
 * of the same name. Kept as bytes, since a file name need not be text.
 */
public final class StepName implements Comparable<StepName> {
  private final byte[] bytes;

  private StepName(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Makes a name of a text's UTF-8 bytes.
   *
   * @param text not empty, without {@code /} and NUL
   * @throws IllegalArgumentException if it is no file name
   */
  public static StepName of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes a name of bytes, which are copied.
   *
   * @param bytes not empty, without {@code /} and NUL
   * @throws IllegalArgumentException if they are no file name
   */
  public static StepName of(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("the step name is empty");
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        throw new IllegalArgumentException("the step name has a \"/\" or a NUL");
      }
    }
    return new StepName(bytes.clone());
  }

  /** Returns a copy of the name's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Orders by unsigned bytes, as {@code LC_ALL=C ls} does. */
  @Override
  public int compareTo(StepName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepName that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns the name as UTF-8 text, what is malformed replaced by U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
