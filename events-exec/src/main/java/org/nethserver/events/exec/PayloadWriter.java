package org.nethserver.events.exec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Writes a payload into a pipe, as much at a time as the pipe takes. */
final class PayloadWriter {
  private final int fd;
  private final ByteBuffer rest;

  /**
   * Takes a descriptor, to be closed by {@link #close}.
   *
   * @param fd must not block
   */
  PayloadWriter(int fd, ByteBuffer payload) {
    this.fd = fd;
    this.rest = payload;
  }

  int fd() {
    return fd;
  }

  /**
   * Writes what the pipe takes now.
   *
   * @param buffer native memory to copy through
   * @return true if nothing is left to write, or nobody is left to read it
   */
  boolean write(MemorySegment buffer) {
    while (rest.hasRemaining()) {
      int size = (int) Math.min(rest.remaining(), buffer.byteSize());
      buffer.asSlice(0, size).copyFrom(MemorySegment.ofBuffer(rest.slice(rest.position(), size)));
      int written = Posix.write(fd, buffer.address(), size);
      if (written == -Errno.EAGAIN) {
        return false;
      }
      if (written < 0 && written != -Errno.EINTR) {
        // EPIPE: a step that does not read its payload is no error.
        return true;
      }
      rest.position(rest.position() + Math.max(0, written));
    }
    return true;
  }

  void close() {
    Posix.close(fd);
  }
}
