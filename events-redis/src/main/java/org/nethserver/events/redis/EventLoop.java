package org.nethserver.events.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The transport's one thread, which Lettuce uses for everything: sockets, timers, completions. It
 * starts with the first task. A daemon: what keeps the process alive is the agent's business.
 */
final class EventLoop implements EventLoopGroupProvider {
  private final SingleThreadIoEventLoop loop;

  EventLoop(String name) {
    // Not a group of one: a group's end wakes Netty's global executor, whose thread is no daemon
    // and
    // holds the end of the process up for a second.
    loop =
        new SingleThreadIoEventLoop(
            null, Thread.ofPlatform().name(name).daemon().factory(), NioIoHandler.newFactory());
  }

  SingleThreadIoEventLoop group() {
    return loop;
  }

  /** Returns whether the caller is the event loop's thread. */
  boolean isCurrent() {
    return loop.inEventLoop();
  }

  /** Runs a task on the event loop: at once if the caller is there already. */
  void run(Runnable task) {
    if (isCurrent()) {
      task.run();
    } else {
      post(task);
    }
  }

  /** Runs a task on the event loop after what is there already; drops it once that is closed. */
  void post(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: whoever waits for the task waits for the end of the loop too, or with a limit.
    }
  }

  /** Runs a task on the event loop later. Only from there, and so never after its end. */
  Future<?> schedule(Runnable task, Duration delay) {
    return loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Ends the thread after its current tasks and waits for that, unless the caller is that thread.
   */
  void close(Duration limit) {
    Future<?> end = loop.shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!isCurrent()) {
      end.awaitUninterruptibly(limit.toMillis());
    }
  }

  @Override
  @SuppressWarnings("unchecked") // Lettuce asks for its platform's kind of group and uses any.
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) loop;
  }

  @Override
  public int threadPoolSize() {
    return 1;
  }

  /** Does nothing: the transport ends its thread itself. */
  @Override
  public Future<Boolean> release(
      EventExecutorGroup released, long quietPeriod, long timeout, TimeUnit unit) {
    return new DefaultPromise<Boolean>(GlobalEventExecutor.INSTANCE).setSuccess(true);
  }

  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return release(loop, quietPeriod, timeout, unit);
  }
}
