package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Waits for descriptors. {@link #add} and {@link #remove} from any thread, the rest from one. */
final class Epoll implements AutoCloseable {
  static final int IN = 0x001;
  static final int PRIORITY = 0x002;
  static final int OUT = 0x004;
  static final int HANG_UP = 0x010;

  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int BATCH = 64;

  /** {@code struct epoll_event} is packed on x86_64 alone. */
  private static final int TOKEN = Architecture.X86_64 ? 4 : 8;

  private static final int EVENT_SIZE = Architecture.X86_64 ? 12 : 16;

  private final int fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment ready = arena.allocate((long) BATCH * EVENT_SIZE, 8);
  private final ThreadLocal<MemorySegment> request =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(EVENT_SIZE, 8));

  Epoll() {
    fd = Posix.epollCreate();
    if (fd < 0) {
      throw new IllegalStateException("cannot wait for processes: " + Errno.text(fd));
    }
  }

  /**
   * Begins to watch a descriptor, until it is removed: its end of file counts as readable, again
   * and again.
   *
   * @return 0 or the negated error
   */
  int add(int watched, int events, long token) {
    MemorySegment event = request.get();
    event.set(ValueLayout.JAVA_INT, 0, events);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, TOKEN, token);
    return Posix.epollCtl(fd, ADD, watched, event.address());
  }

  /**
   * Ceases to watch. Necessary before a close: a child that is being started has copies of all our
   * descriptors until it closes them, for which it needs a processor; on a busy machine what they
   * stand for would be reported without end until then, and cost more than this call ever does.
   */
  void remove(int watched) {
    Posix.epollCtl(fd, DELETE, watched, request.get().address());
  }

  /**
   * Waits until something is ready.
   *
   * @param milliseconds at most; -1 means without end
   * @return how many are ready, see {@link #token}
   */
  int await(int milliseconds) {
    int count = Posix.epollWait(fd, ready.address(), BATCH, milliseconds);
    if (count < 0 && count != -Errno.EINTR) {
      throw new IllegalStateException("cannot wait for processes: " + Errno.text(count));
    }
    return Math.max(0, count);
  }

  /** Returns how many are ready now, see {@link #token}; or the negated error. */
  int poll() {
    return Posix.epollWait(fd, ready.address(), BATCH, 0);
  }

  int events(int index) {
    return ready.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_SIZE);
  }

  long token(int index) {
    return ready.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_SIZE + TOKEN);
  }

  @Override
  public void close() {
    Posix.close(fd);
    arena.close();
  }
}
