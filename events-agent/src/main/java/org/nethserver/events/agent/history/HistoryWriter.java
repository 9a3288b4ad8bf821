package org.nethserver.events.agent.history;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes histories on a thread of its own, so that no run waits for a disk. What happens within a
 * tenth of a second is written together: then most runs have ended, and a run is one line.
 *
 * <p>Threads: {@link #begun}, {@link #ended}, {@link #dismiss} and {@link #wake} the dispatch
 * thread's, none of which waits; {@link #close} any.
 */
final class HistoryWriter implements AutoCloseable {
  private static final int MAX_RUNS = 4_096;
  private static final long MAX_BYTES = 8L << 20;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Queue<Item> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Those that were written to, and of these the ones that could not be; the writer's. */
  private final Set<AgentHistory> known = new LinkedHashSet<>();

  private final Set<AgentHistory> failing = new LinkedHashSet<>();

  private @Nullable Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Something for the writer to do. */
  private sealed interface Item {
    AgentHistory history();

    /** A run has begun. */
    record Begun(AgentHistory history, RunInProgress run) implements Item {}

    /** A run has ended. */
    record Ended(AgentHistory history, RunInProgress run, int size) implements Item {}

    /** An agent is gone. */
    record Gone(AgentHistory history) implements Item {}
  }

  /** Returns whether there is room for a run, which then will have room for its end as well. */
  boolean begun(AgentHistory history, RunInProgress run) {
    if (waiting.get() >= MAX_RUNS || bytes.get() >= MAX_BYTES) {
      history.drop();
      return false;
    }
    waiting.incrementAndGet();
    queue.add(new Item.Begun(history, run));
    return true;
  }

  void ended(AgentHistory history, RunInProgress run) {
    if (bytes.get() + run.size() > MAX_BYTES) {
      run.forgetOutput();
    }
    int size = run.size();
    waiting.incrementAndGet();
    bytes.addAndGet(size);
    queue.add(new Item.Ended(history, run, size));
    wake();
  }

  void dismiss(AgentHistory history) {
    queue.add(new Item.Gone(history));
    wake();
  }

  /** Has what waits be written soon. Not before the first step runs: it costs some microseconds. */
  void wake() {
    Thread started = thread;
    if (started == null) {
      started = new Thread(this::run, "history");
      started.setDaemon(true);
      thread = started;
      started.start();
    } else if (asleep) {
      asleep = false;
      LockSupport.unpark(started);
    }
  }

  private void run() {
    while (true) {
      LockSupport.parkNanos(this, closed ? 0 : PAUSE.toNanos());
      boolean last = closed;
      boolean some = write();
      if (last) {
        known.forEach(AgentHistory::close);
        return;
      }
      if (!some) {
        sleep();
      }
    }
  }

  private void sleep() {
    asleep = true;
    // Whoever adds looks whether we sleep after adding: one of us sees the other.
    while (asleep && queue.isEmpty() && !closed) {
      if (failing.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, RETRY.toNanos());
        break;
      }
    }
    asleep = false;
  }

  private boolean write() {
    Set<AgentHistory> touched = new LinkedHashSet<>(failing);
    boolean some = false;
    for (Item item = queue.poll(); item != null; item = queue.poll()) {
      some = true;
      touched.add(item.history());
      switch (item) {
        case Item.Begun(AgentHistory history, RunInProgress run) -> {
          waiting.decrementAndGet();
          history.begun(run);
        }
        case Item.Ended(AgentHistory history, RunInProgress run, int size) -> {
          waiting.decrementAndGet();
          bytes.addAndGet(-size);
          history.ended(run);
        }
        case Item.Gone(AgentHistory history) -> {
          history.close();
          touched.remove(history);
          failing.remove(history);
          known.remove(history);
        }
      }
    }
    known.addAll(touched);
    for (AgentHistory history : touched) {
      history.write();
      if (history.isFailing()) {
        failing.add(history);
      } else {
        failing.remove(history);
      }
    }
    return some;
  }

  /** Writes what is left, for as long as a disk that answers takes. */
  @Override
  public void close() {
    closed = true;
    Thread started = thread;
    if (started == null) {
      return;
    }
    LockSupport.unpark(started);
    try {
      started.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
