package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Holds steps until the test lets them go: a FIFO from which each takes a line. It is kept open for
 * reading and writing here, so that neither side waits in open(2).
 */
final class Gate implements AutoCloseable {
  private static final int ALL = 8192;

  private final Path path;
  private final RandomAccessFile fifo;

  /** Makes the FIFO. */
  Gate(Path path) {
    this.path = path;
    Shell.run("mkfifo '" + path + "'");
    try {
      this.fifo = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the line of a shell script that waits here. */
  String pass() {
    return "read -r _ < '" + path + "'";
  }

  Path path() {
    return path;
  }

  /** Waits until somebody has filled the FIFO, so that its next writer waits. */
  void awaitFull() {
    // A write that does not wait is refused: EAGAIN.
    Await.until(
        "a full pipe",
        () ->
            Shell.run(
                    "dd if=/dev/zero of='%s' bs=1 count=1 oflag=nonblock 2>/dev/null || echo full"
                        .formatted(path))
                .contains("full"));
  }

  /** Lets so many steps go, those that wait first. */
  void release(int steps) {
    byte[] lines = new byte[steps];
    Arrays.fill(lines, (byte) '\n');
    try {
      fifo.write(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets all steps go, present and future. */
  void open() {
    release(ALL);
  }

  @Override
  public void close() throws IOException {
    fifo.close();
  }
}
