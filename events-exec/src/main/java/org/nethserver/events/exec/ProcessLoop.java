package org.nethserver.events.exec;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread, {@code steps}, that waits for all running processes: for their output, for room
 * in their input, for their ends and for the ends of grace periods. It sleeps in {@code
 * epoll_wait}; other threads wake it through an eventfd.
 *
 * <p>A descriptor may be watched from any thread, without waking the loop; all else about it
 * happens on the loop.
 */
final class ProcessLoop implements AutoCloseable {
  /** What is read of one stream a turn, so that a flooding step does not starve the others. */
  static final int READ_SIZE = 64 * 1024;

  private static final long WAKE = 0;
  private static final long CLOSE_SECONDS = 1;

  private final Epoll epoll = new Epoll();
  private final int wakeup;
  private final AtomicLong tokens = new AtomicLong(WAKE);
  private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
  private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private final Endings endings = new Endings();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(READ_SIZE, 8);
  private final byte[] bytes = new byte[READ_SIZE];
  private final Thread thread = new Thread(this::run, "steps");

  /** Guards {@link #open}: nobody may write to the eventfd's number once it is closed. */
  private final Object wakeLock = new Object();

  private boolean open = true;
  private volatile boolean closing;

  /** Makes a loop and starts its thread. */
  ProcessLoop() {
    wakeup = Posix.eventfd();
    int error = wakeup < 0 ? wakeup : epoll.add(wakeup, Epoll.IN, WAKE);
    if (error < 0) {
      epoll.close();
      arena.close();
      throw new IllegalStateException("cannot wait for processes: " + Errno.text(error));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns a number to watch a descriptor by, never used twice. */
  long newToken() {
    return tokens.incrementAndGet();
  }

  /**
   * Watches a descriptor; {@code target} may be called before this returns.
   *
   * @return 0 or the negated error
   */
  int watch(int fd, int events, long token, Watched target) {
    watched.put(token, target);
    int error = epoll.add(fd, events, token);
    if (error < 0) {
      watched.remove(token);
    }
    return error;
  }

  /** Watches a descriptor no more and closes it. An event already fetched for it is ignored. */
  void release(int fd, long token) {
    watched.remove(token);
    epoll.remove(fd);
    Posix.close(fd);
  }

  /** Runs something on the loop's thread; nothing once the loop is closed. */
  void execute(Runnable request) {
    requests.add(request);
    if (Thread.currentThread() != thread) {
      wake();
    }
  }

  private void wake() {
    synchronized (wakeLock) {
      if (open) {
        try (Arena one = Arena.ofConfined()) {
          MemorySegment number = one.allocateFrom(ValueLayout.JAVA_LONG, 1);
          Posix.write(wakeup, number.address(), Long.BYTES);
        }
      }
    }
  }

  /** Attends a process that is being ended, until nothing of it is left. Any thread. */
  void end(RunningProcess process) {
    execute(() -> endings.add(process));
  }

  /** Drops all that belongs to an owner; when it returns, its listeners are called no more. */
  void forget(Object owner) {
    CountDownLatch done = new CountDownLatch(1);
    Runnable request =
        () -> {
          for (Watched target : List.copyOf(watched.values())) {
            if (target.owner() == owner) {
              target.drop();
            }
          }
          done.countDown();
        };
    if (Thread.currentThread() == thread) {
      request.run();
      return;
    }
    execute(request);
    awaitQuietly(done);
  }

  private static void awaitQuietly(CountDownLatch done) {
    try {
      done.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Native memory to read into or write from. Loop thread only. */
  MemorySegment buffer() {
    return buffer;
  }

  /**
   * Reads once from a descriptor. Loop thread only.
   *
   * @return the number of bytes now in {@link #bytes}, 0 at the end of file, or the negated error
   */
  int read(int fd) {
    int count;
    do {
      count = Posix.read(fd, buffer.address(), READ_SIZE);
    } while (count == -Errno.EINTR);
    if (count > 0) {
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
    }
    return count;
  }

  /** Returns how many bytes wait in a pipe. Loop thread only. */
  int available(int fd) {
    return Posix.available(fd, buffer.address()) < 0 ? 0 : buffer.get(ValueLayout.JAVA_INT, 0);
  }

  /** Where {@link #read} puts what it read. */
  byte[] bytes() {
    return bytes;
  }

  private void run() {
    try {
      while (!closing) {
        turn();
      }
    } finally {
      finish();
    }
  }

  private void turn() {
    int count = epoll.await(endings.waitMillis(System.nanoTime()));
    for (int i = 0; i < count; i++) {
      long token = epoll.token(i);
      if (token == WAKE) {
        Posix.read(wakeup, buffer.address(), Long.BYTES);
      } else {
        Watched target = watched.get(token);
        // Gone if an earlier event of this very batch ended it.
        if (target != null) {
          int events = epoll.events(i);
          guarded(() -> target.ready(events));
        }
      }
    }
    Runnable request;
    while ((request = requests.poll()) != null) {
      guarded(request);
    }
    guarded(() -> endings.tend(System.nanoTime()));
  }

  /** A listener that throws, against its contract, must not end the thread that all steps need. */
  static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      // Looked up only now: it costs the start of every agent 10 ms.
      System.getLogger(ProcessLoop.class.getName())
          .log(Level.ERROR, "a step's listener failed; the step goes on without it", e);
    }
  }

  private void finish() {
    List.copyOf(watched.values()).forEach(Watched::drop);
    synchronized (wakeLock) {
      open = false;
      Posix.close(wakeup);
    }
    epoll.close();
    arena.close();
  }

  /** Drops everything and ends the thread. */
  @Override
  public void close() {
    closing = true;
    wake();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
