package org.nethserver.events.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends events, each at most once. Its connection is kept for the next event; when it is lost, so
 * is what was on its way, since nothing here is sent twice.
 */
final class RedisPublisher {
  /** What Lettuce says when the connection was gone before it could send. */
  private static final String NOT_SENT = "Currently not connected";

  private final Client client;
  private final EventLoop loop;
  private final Timing timing;
  private final String address;
  private final String user;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}, under which nothing waits; so is {@link #closed}. */
  private @Nullable CompletableFuture<Connection<byte[], byte[]>> current;

  private boolean closed;

  RedisPublisher(Client client, EventLoop loop, Timing timing, String address, String user) {
    this.client = client;
    this.loop = loop;
    this.timing = timing;
    this.address = address;
    this.user = user;
  }

  long publish(byte[] channel, byte[] payload) throws IOException {
    if (loop.isCurrent()) {
      throw new IllegalStateException("the event loop would wait for itself");
    }
    String what = "event \"" + shown(channel) + "\" to " + address;
    Connection<byte[], byte[]> connection = connect(what);
    AsyncCommand<byte[], byte[], Long> command =
        new AsyncCommand<>(
            new Command<>(
                CommandType.PUBLISH,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(channel).addValue(payload)));
    connection.dispatch(command);
    try {
      return await(command, timing.answer());
    } catch (ExecutionException | CancellationException e) {
      throw new IOException(refusal(what, channel, e));
    } catch (TimeoutException e) {
      // Its answer may come later, and must not be taken for the answer to the next.
      connection.closeAsync();
      throw new IOException(
          unknown(what, "no answer within " + timing.answer().toSeconds() + " s"));
    }
  }

  private Connection<byte[], byte[]> connect(String what) throws IOException {
    try {
      // Longer than any of its steps; each has a limit of its own and says what it was.
      return await(connection(), timing.connect().multipliedBy(10));
    } catch (ExecutionException | CancellationException e) {
      throw new IOException("cannot send " + what + ": " + Diagnosis.of(e, user).why());
    } catch (TimeoutException e) {
      throw new IOException("cannot send " + what + ": timed out");
    }
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

  private String refusal(String what, byte[] channel, Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    boolean sent = !String.valueOf(cause.getMessage()).startsWith(NOT_SENT);
    if (sent && !(cause instanceof RedisCommandExecutionException)) {
      return unknown(what, Diagnosis.of(cause, user).why());
    }
    if (String.valueOf(cause.getMessage()).startsWith("NOPERM")) {
      return "user \"%s\" may not publish to \"%s\" at %s; run ACL SETUSER %s +publish &%s"
          .formatted(user, shown(channel), address, user, shown(channel));
    }
    return "cannot send " + what + ": " + Diagnosis.of(cause, user).why();
  }

  private static String unknown(String what, String why) {
    return "nobody knows whether %s was sent: %s; look before you send it again"
        .formatted(what, why);
  }

  private static String shown(byte[] channel) {
    String text = new String(channel, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
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
