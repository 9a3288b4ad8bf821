package org.nethserver.events.distribution.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What one stream of a process said, line by line, with the time at which each line came. */
final class Transcript {
  /**
   * A line.
   *
   * @param nanos when it came, on the clock of {@link System#nanoTime}
   * @param bytes the line without its newline
   */
  record Line(long nanos, byte[] bytes) {
    /** Returns the line as text. */
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final List<Line> lines = new ArrayList<>();
  private final Thread reader;

  /** Begins to read. */
  Transcript(String name, InputStream stream) {
    this.reader = Thread.ofPlatform().daemon().name(name).start(() -> read(stream));
  }

  /** Returns the lines that have come so far. */
  synchronized List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Returns the texts of the lines that have come so far. */
  List<String> texts() {
    return lines().stream().map(Line::text).toList();
  }

  /** Waits until the stream has ended. */
  void awaitEnd() {
    Await.until("end of " + reader.getName(), () -> !reader.isAlive());
  }

  private void read(InputStream stream) {
    try (InputStream in = new BufferedInputStream(stream, 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          add(line);
        } else {
          line.write(b);
        }
      }
      if (line.size() > 0) {
        add(line);
      }
    } catch (IOException e) {
      // The stream was closed under us: the process was killed.
    }
  }

  private synchronized void add(ByteArrayOutputStream line) {
    lines.add(new Line(System.nanoTime(), line.toByteArray()));
    line.reset();
  }
}
