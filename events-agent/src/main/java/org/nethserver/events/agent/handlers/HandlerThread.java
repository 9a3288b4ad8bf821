package org.nethserver.events.agent.handlers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;

/**
 * A thread at one place of {@link HandlerThreads}, which is given one call after the other.
 *
 * <p>A thread that waits sets {@link #asleep} and looks once more; who gives it a call looks at
 * {@link #asleep} after giving: one of the two sees the other.
 */
final class HandlerThread {
  private static final long MAX_IDLE = Duration.ofMinutes(1).toNanos();

  private final HandlerThreads owner;
  private final RunningHandlers running;
  private final int place;
  private final int generation;
  private final Thread thread;
  private volatile @Nullable HandlerCall given;
  private volatile boolean asleep;
  private volatile boolean ending;

  HandlerThread(HandlerThreads owner, RunningHandlers running, int place, int generation) {
    this.owner = owner;
    this.running = running;
    this.place = place;
    this.generation = generation;
    this.thread = HandlerThreads.daemon("handler-" + (place + 1), this::loop);
  }

  int place() {
    return place;
  }

  int generation() {
    return generation;
  }

  void start() {
    thread.start();
  }

  /** Runs a call: by whoever took this thread, once. */
  void run(HandlerCall call) {
    given = call;
    wake();
  }

  /** Lets this thread, which is idle, end. */
  void end() {
    ending = true;
    wake();
  }

  private void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  /** Shows what it runs to whoever asks why the memory is full. Own thread. */
  void running(byte[] label, Channel channel) {
    running.enter(place, label, channel);
  }

  /** Its call has left the handler: it can be taken again, or ends. Own thread. */
  void free() {
    running.leave(place);
    ending = !owner.free(this);
  }

  /** Its call was given up before, and has returned: it ends. Own thread. */
  void lost() {
    running.leave(place);
    ending = true;
    owner.lost(this);
  }

  private void loop() {
    // Here, where it takes the time of nobody but the first call.
    running.open();
    for (HandlerCall call = next(); call != null; call = next()) {
      call.run(this);
    }
  }

  private @Nullable HandlerCall next() {
    long old = System.nanoTime() + MAX_IDLE;
    while (!ending) {
      HandlerCall call = given;
      if (call != null) {
        given = null;
        return call;
      }
      long left = old - System.nanoTime();
      if (left <= 0 && owner.leave(this)) {
        return null;
      }
      asleep = true;
      if (given == null && !ending) {
        LockSupport.parkNanos(this, Math.max(1, left));
        Thread.interrupted(); // by whoever kept this thread from a call: the next would get it
      }
      asleep = false;
    }
    return null;
  }
}
