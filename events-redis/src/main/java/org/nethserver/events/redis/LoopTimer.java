package org.nethserver.events.redis;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce's timer on the event loop. The usual {@code HashedWheelTimer} is one more thread, and
 * wakes ten times a second for ever.
 */
final class LoopTimer implements Timer {
  private final EventExecutorGroup loop;

  LoopTimer(EventExecutorGroup loop) {
    this.loop = loop;
  }

  @Override
  public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
    Entry entry = new Entry(this, task);
    entry.future = loop.schedule(entry, delay, unit);
    return entry;
  }

  /** Stops nothing: what is scheduled ends with the event loop. */
  @Override
  public Set<Timeout> stop() {
    return Set.of();
  }

  private static final class Entry implements Timeout, Runnable {
    private final Timer timer;
    private final TimerTask task;
    private volatile @Nullable ScheduledFuture<?> future;

    Entry(Timer timer, TimerTask task) {
      this.timer = timer;
      this.task = task;
    }

    @Override
    public void run() {
      try {
        task.run(this);
      } catch (Exception e) {
        throw new IllegalStateException("a timer task failed", e);
      }
    }

    @Override
    public Timer timer() {
      return timer;
    }

    @Override
    public TimerTask task() {
      return task;
    }

    @Override
    public boolean isExpired() {
      ScheduledFuture<?> scheduled = future;
      return scheduled != null && scheduled.isDone() && !scheduled.isCancelled();
    }

    @Override
    public boolean isCancelled() {
      ScheduledFuture<?> scheduled = future;
      return scheduled != null && scheduled.isCancelled();
    }

    @Override
    public boolean cancel() {
      ScheduledFuture<?> scheduled = future;
      return scheduled != null && scheduled.cancel(false);
    }
  }
}
