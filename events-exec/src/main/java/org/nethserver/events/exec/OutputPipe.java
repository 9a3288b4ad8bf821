package org.nethserver.events.exec;

import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;

/**
 * One output stream of a step. Outlives its process where a background child holds the other end.
 * Loop thread only, but for {@link #begin}.
 */
final class OutputPipe implements Watched {
  private final ProcessLoop loop;
  private final Object owner;
  private final int fd;
  private final long token;
  private final LineSplitter lines;
  private boolean closed;

  OutputPipe(ProcessLoop loop, Object owner, int fd, Stream stream, StepListener listener) {
    this.loop = loop;
    this.owner = owner;
    this.fd = fd;
    this.token = loop.newToken();
    this.lines = new LineSplitter(line -> ProcessLoop.guarded(() -> listener.output(stream, line)));
  }

  /** Begins to read; returns 0 or the negated error. */
  int begin() {
    return loop.watch(fd, Epoll.IN, token, this);
  }

  @Override
  public Object owner() {
    return owner;
  }

  @Override
  public void ready(int events) {
    if (events == Epoll.HANG_UP) {
      // Nothing to read, and nobody who could write: the end of file without asking for it.
      end();
    } else {
      readOnce();
    }
  }

  /**
   * Tells all that was written up to now: called when the process has ended, so that its last words
   * come before its end. What a background child goes on writing is not waited for.
   */
  void drain() {
    // A read that does not fill the buffer has emptied the pipe. Otherwise, ask how much the
    // process can have left there, and read no more: a child might fill it without end.
    if (!closed && readOnce() == ProcessLoop.READ_SIZE) {
      int left = loop.available(fd);
      while (!closed && left > 0) {
        int count = readOnce();
        left = count <= 0 ? 0 : left - count;
      }
    }
    lines.flush();
  }

  private int readOnce() {
    int count = loop.read(fd);
    if (count > 0) {
      lines.feed(loop.bytes(), count);
    } else if (count != -Errno.EAGAIN) {
      // The end of file; or an error, which a pipe does not have.
      end();
    }
    return count;
  }

  private void end() {
    drop();
    lines.flush();
  }

  @Override
  public void drop() {
    if (!closed) {
      closed = true;
      loop.release(fd, token);
    }
  }
}
