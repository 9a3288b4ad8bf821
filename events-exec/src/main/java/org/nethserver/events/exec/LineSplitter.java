package org.nethserver.events.exec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nethserver.events.api.spi.StepListener;

/**
 * Cuts one stream of bytes into lines. Never holds more than the longest line that may be told: of
 * a longer one the rest is counted, not kept.
 */
final class LineSplitter {
  private static final byte[] NOTHING = new byte[0];

  private final Consumer<byte[]> lines;

  /** The beginning of a line whose end has not come; only the first {@link #length} bytes count. */
  private byte[] pending = NOTHING;

  private int length;
  private long cut;

  LineSplitter(Consumer<byte[]> lines) {
    this.lines = lines;
  }

  /**
   * Takes the next bytes and tells each line that they complete.
   *
   * @param bytes the bytes, free again when the call returns
   * @param count how many of them count
   */
  void feed(byte[] bytes, int count) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        complete(bytes, start, i);
        start = i + 1;
      }
    }
    keep(bytes, start, count);
  }

  /** Tells what is left of a last line without newline. */
  void flush() {
    if (length > 0 || cut > 0) {
      complete(NOTHING, 0, 0);
    }
  }

  private void complete(byte[] bytes, int start, int end) {
    if (length == 0 && cut == 0 && end - start <= StepListener.MAX_LINE) {
      lines.accept(Arrays.copyOfRange(bytes, start, end));
      return;
    }
    keep(bytes, start, end);
    byte[] line = Arrays.copyOf(pending, length);
    if (cut > 0) {
      byte[] note = (" [" + cut + " bytes cut]").getBytes(StandardCharsets.US_ASCII);
      line = Arrays.copyOf(line, length + note.length);
      System.arraycopy(note, 0, line, length, note.length);
    }
    // Let go before telling: if the listener throws, the line is not told twice.
    pending = NOTHING;
    length = 0;
    cut = 0;
    lines.accept(line);
  }

  private void keep(byte[] bytes, int start, int end) {
    int kept = Math.min(end - start, StepListener.MAX_LINE - length);
    if (length + kept > pending.length) {
      int doubled = Math.min(2 * pending.length, StepListener.MAX_LINE);
      pending = Arrays.copyOf(pending, Math.max(doubled, length + kept));
    }
    System.arraycopy(bytes, start, pending, length, kept);
    length += kept;
    cut += end - start - kept;
  }
}
