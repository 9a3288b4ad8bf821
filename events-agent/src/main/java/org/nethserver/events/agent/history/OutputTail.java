package org.nethserver.events.agent.history;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nethserver.events.agent.text.Masking;

/**
 * The last lines that a step wrote. Whole lines are kept until the end, and cut to size only when
 * secrets are masked: half a line could be a secret without its key.
 *
 * <p>Thread-safe.
 */
final class OutputTail {
  /** What is kept of each step. */
  static final int MAX = 8 * 1024;

  private static final int FIRST = 256;

  private byte[] bytes = new byte[0];
  private int length;
  private boolean cut;

  /** Adds a line. */
  synchronized void add(byte[] line) {
    if (length + line.length + 1 > 2 * MAX) {
      forgetOldest();
    }
    int needed = length + line.length + 1;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.max(FIRST, 2 * bytes.length)));
    }
    System.arraycopy(line, 0, bytes, length, line.length);
    bytes[needed - 1] = '\n';
    length = needed;
  }

  /** Keeps whole lines, {@link #MAX} bytes of them at most. */
  private void forgetOldest() {
    int from = length - Math.min(length, MAX);
    while (from > 0 && from < length && bytes[from - 1] != '\n') {
      from++;
    }
    System.arraycopy(bytes, from, bytes, 0, length - from);
    length -= from;
    cut |= from > 0;
  }

  /** Lets go of all that was written. */
  synchronized void forget() {
    cut |= length > 0;
    bytes = new byte[0];
    length = 0;
  }

  /** Returns how much memory it takes. */
  synchronized int size() {
    return bytes.length;
  }

  /**
   * What is shown of a step's output.
   *
   * @param text its end, without secrets
   * @param cut whether something is missing at the front
   */
  record Shown(String text, boolean cut) {}

  /** Returns what may be kept and shown. */
  synchronized Shown shown() {
    String all = Masking.text(new String(bytes, 0, length, StandardCharsets.UTF_8));
    if (all.length() <= MAX) {
      return new Shown(all, cut);
    }
    int from = all.length() - MAX;
    int line = all.indexOf('\n', from - 1) + 1;
    // A single line that is longer than all that is kept has no better beginning.
    return new Shown(all.substring(line > 0 && line < all.length() ? line : from), true);
  }
}
