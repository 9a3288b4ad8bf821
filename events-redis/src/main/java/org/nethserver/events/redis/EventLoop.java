package org.nethserver.events.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
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
  private final EventLoopGroup group;
  private final EventExecutor executor;

  EventLoop(String name) {
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().name(name).daemon().factory(),
            NioIoHandler.newFactory());
    executor = group.next();
  }

  EventLoopGroup group() {
    return group;
  }

  /** Returns whether the caller is the event loop's thread. */
  boolean isCurrent() {
    return executor.inEventLoop();
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
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: whoever waits for the task waits for the end of the loop too, or with a limit.
    }
  }

  /** Runs a task on the event loop later. Only from there, and so never after its end. */
  Future<?> schedule(Runnable task, Duration delay) {
    return executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends the thread after its current tasks and waits for that, unless the caller is that thread. */
  void close(Duration limit) {
    Future<?> end = group.shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!isCurrent()) {
      end.awaitUninterruptibly(limit.toMillis());
    }
  }

  @Override
  @SuppressWarnings("unchecked") // Lettuce asks for its platform's kind of group and uses any.
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) group;
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
    return release(group, quietPeriod, timeout, unit);
  }
}
