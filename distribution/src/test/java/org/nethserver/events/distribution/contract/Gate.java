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
