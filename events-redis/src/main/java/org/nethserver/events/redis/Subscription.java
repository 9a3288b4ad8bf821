package org.nethserver.events.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.EventSink;

/**
 * Keeps a sink subscribed: one attempt after the other, each with a connection of its own and one
 * command that names all patterns, until closed. An attempt that was lost is never mended, so there
 * is one way to a subscription, whether it is the first or the hundredth.
 *
 * <p>All but {@link #close} happens on the event loop.
 */
final class Subscription {
  private final Client client;
  private final EventLoop loop;
  private final Timing timing;
  private final Backoff backoff;
  private final String user;
  private final List<String> patterns;
  private final EventSink sink;
  private @Nullable Attempt current;

  /** Read on the event loop before each call of the sink; set there or by any closing thread. */
  private volatile boolean closed;

  Subscription(
      Client client,
      EventLoop loop,
      Timing timing,
      String user,
      List<String> patterns,
      EventSink sink) {
    this.client = client;
    this.loop = loop;
    this.timing = timing;
    this.backoff = new Backoff(timing);
    this.user = user;
    this.patterns = List.copyOf(patterns);
    this.sink = sink;
  }

  /** Begins the next attempt. */
  void start() {
    if (!closed) {
      Attempt attempt = new Attempt(this, client, loop, timing, patterns, user);
      current = attempt;
      attempt.start();
    }
  }

  /** Returns the connection that is subscribed. */
  Connection<byte[], byte[]> connection() {
    Attempt attempt = current;
    if (attempt == null) {
      throw new IllegalStateException("not subscribed");
    }
    return attempt.connection();
  }

  /** Gives the subscription up for another, without a word. */
  void renew() {
    Attempt attempt = current;
    current = null;
    if (attempt != null) {
      attempt.abandon();
      loop.schedule(this::start, timing.firstRetry());
    }
  }

  void subscribed() {
    backoff.reset();
    tell(sink::subscribed);
  }

  void received(byte[] channel, byte[] payload) {
    if (!closed) {
      try {
        sink.received(channel, payload);
      } catch (Throwable e) {
        report(e);
      }
    }
  }

  void lost(Diagnosis diagnosis) {
    current = null;
    tell(() -> sink.unavailable(diagnosis.why()));
    loop.schedule(this::start, backoff.after(diagnosis.kind()));
  }

  private void tell(Runnable call) {
    if (!closed) {
      try {
        call.run();
      } catch (Throwable e) {
        report(e);
      }
    }
  }

  /**
   * A sink promises to throw nothing. If it does, Throwable is caught: within Lettuce an exception
   * would vanish, and an error would cut the connection, in the midst of other messages.
   */
  private static void report(Throwable e) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
  }

  /** Ends it: the sink is not called again, except where a call has begun already. Any thread. */
  void close() {
    closed = true;
    loop.run(
        () -> {
          Attempt attempt = current;
          current = null;
          if (attempt != null) {
            attempt.abandon();
          }
        });
  }
}
