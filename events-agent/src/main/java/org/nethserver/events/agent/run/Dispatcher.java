package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns routing, lanes and runs. Whoever wants something of them leaves a task
 * here; so they need no lock. Tasks run in the order in which each thread left them.
 *
 * <p>Threads: {@link #execute} from any; {@link #after} from the dispatch thread alone. Tasks must
 * not wait: for as long as one runs, no event is routed.
 */
public final class Dispatcher implements Executor, AutoCloseable {
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Consumer<Throwable> onFailure;
  private final Runnable beforeSleep;
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;
  private long timersMade;

  /**
   * Makes a dispatcher, which runs nothing before {@link #start}.
   *
   * @param onFailure hears of what a task threw; the thread goes on
   */
  public Dispatcher(Consumer<Throwable> onFailure) {
    this(onFailure, () -> {});
  }

  /**
   * Makes a dispatcher, which runs nothing before {@link #start}.
   *
   * @param onFailure hears of what a task threw; the thread goes on
   * @param beforeSleep run whenever there is nothing to do; takes little time, and throws nothing
   */
  public Dispatcher(Consumer<Throwable> onFailure, Runnable beforeSleep) {
    this.onFailure = onFailure;
    this.beforeSleep = beforeSleep;
    this.thread = new Thread(this::loop, "dispatch");
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    mailbox.add(task);
    // The loop sets asleep before its last look into the mailbox: one of the two sees the other.
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  /**
   * Runs a task later on the dispatch thread.
   *
   * @param delay how much later
   * @param task what to run
   * @return the timer, to cancel it
   */
  public Timer after(Duration delay, Runnable task) {
    Timer timer = new Timer(System.nanoTime() + delay.toNanos(), timersMade++, task);
    timers.add(timer);
    return timer;
  }

  /** Cancels a timer, which may have run already. */
  void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timers.remove(timer);
    }
  }

  /** Ends the thread once it has run the tasks that were left before; waits for it. */
  @Override
  public void close() {
    execute(() -> closed = true);
    if (thread.equals(Thread.currentThread())) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (!closed) {
      Runnable task = next();
      if (task != null) {
        run(task);
      }
    }
  }

  private @Nullable Runnable next() {
    Timer first = timers.peek();
    if (first != null && first.at - System.nanoTime() <= 0) {
      timers.poll();
      return first.task;
    }
    Runnable task = mailbox.poll();
    if (task != null) {
      return task;
    }
    beforeSleep.run();
    asleep = true;
    task = mailbox.poll();
    if (task == null) {
      if (first == null) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, Math.max(1, first.at - System.nanoTime()));
      }
    }
    asleep = false;
    return task;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      onFailure.accept(e);
    }
  }

  /** A task of later. */
  public static final class Timer implements Comparable<Timer> {
    private final long at;
    private final long order;
    private final Runnable task;

    private Timer(long at, long order, Runnable task) {
      this.at = at;
      this.order = order;
      this.task = task;
    }

    @Override
    public int compareTo(Timer other) {
      long difference = at - other.at;
      return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
    }
  }
}
