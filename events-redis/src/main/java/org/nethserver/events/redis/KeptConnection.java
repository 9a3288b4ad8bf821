package org.nethserver.events.redis;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection for callers that wait for the answers of commands: made for the first, kept for the
 * next, made anew once it is lost. Any thread but the event loop's.
 */
final class KeptConnection {
  private final Client client;
  private final EventLoop loop;
  private final Timing timing;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}, under which nothing waits; so is {@link #closed}. */
  private @Nullable CompletableFuture<Connection<byte[], byte[]>> current;

  private boolean closed;

  KeptConnection(Client client, EventLoop loop, Timing timing) {
    this.client = client;
    this.loop = loop;
    this.timing = timing;
  }

  /**
   * Returns the connection.
   *
   * @throws ExecutionException if there is none to be had
   * @throws IOException if this is closed
   */
  Connection<byte[], byte[]> connect() throws IOException, ExecutionException, TimeoutException {
    if (loop.isCurrent()) {
      throw new IllegalStateException("the event loop would wait for itself");
    }
    // Longer than any of its steps; each has a limit of its own and says what it was.
    return await(connection(), timing.connect().multipliedBy(10));
  }

  /** Waits for an answer. */
  <T> T answer(Future<T> command)
      throws ExecutionException, TimeoutException, InterruptedIOException {
    return await(command, timing.answer());
  }

  Duration patience() {
    return timing.answer();
  }

  private CompletableFuture<Connection<byte[], byte[]>> connection() throws IOException {
    synchronized (lock) {
      if (closed) {
        throw new IOException("the transport is closed");
      }
      if (current == null || isLost(current)) {
        current = client.open().toCompletableFuture();
      }
      return current;
    }
  }

  private static boolean isLost(CompletableFuture<Connection<byte[], byte[]>> connection) {
    return connection.isCompletedExceptionally()
        || connection.isDone() && !connection.join().isOpen();
  }

  private static <T> T await(Future<T> future, Duration limit)
      throws ExecutionException, TimeoutException, InterruptedIOException {
    try {
      return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the server");
    }
  }

  void close() {
    CompletableFuture<Connection<byte[], byte[]>> last;
    synchronized (lock) {
      closed = true;
      last = current;
      current = null;
    }
    if (last != null) {
      last.thenAccept(connection -> connection.closeAsync());
    }
  }
}
