package org.nethserver.events.agent.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.nethserver.events.agent.systemd.Patience;

/**
 * A descriptor that takes whole lines, unbuffered. The lock is held while the system writes:
 * without it a line longer than a pipe takes at once would be torn by another. Descriptors that are
 * one file share one lock.
 */
final class LineOutput {
  /** What a pipe takes wholly or not at all (PIPE_BUF): so a refused piece can be offered again. */
  private static final int PIECE = 4096;

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final FileOutputStream out;
  private final ReentrantLock lock;

  /**
   * Writes to a descriptor, which stays open for ever.
   *
   * @param descriptor where to
   * @param lock shared by all outputs to the same file
   */
  LineOutput(FileDescriptor descriptor, ReentrantLock lock) {
    this.out = new FileOutputStream(descriptor);
    this.lock = lock;
  }

  /**
   * Writes a line and its newline.
   *
   * @return false if not all of it could be written: nobody reads, the disk is full, or a
   *     descriptor that does not wait took nothing for five seconds
   */
  boolean write(byte[] prefix, byte[] line) {
    byte[] whole = new byte[prefix.length + line.length + 1];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(line, 0, whole, prefix.length, line.length);
    whole[whole.length - 1] = '\n';
    lock.lock();
    try {
      for (int at = 0; at < whole.length; at += PIECE) {
        if (!piece(whole, at, Math.min(PIECE, whole.length - at))) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean piece(byte[] bytes, int from, int length) {
    Patience patience = null;
    while (true) {
      try {
        out.write(bytes, from, length);
        return true;
      } catch (IOException e) {
        if (!isFull(e)) {
          return false;
        }
        if (patience == null) {
          patience = new Patience(LIMIT);
        }
        if (!patience.pause()) {
          return false;
        }
      }
    }
  }

  /** Another process that shares the descriptor can have made it one that does not wait. */
  private static boolean isFull(IOException e) {
    String message = e.getMessage();
    return message != null && message.contains("Resource temporarily unavailable");
  }
}
