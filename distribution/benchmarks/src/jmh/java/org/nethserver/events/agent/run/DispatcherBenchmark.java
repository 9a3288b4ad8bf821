package org.nethserver.events.agent.run;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The hand-over of tasks to the dispatch thread. */
@State(Scope.Benchmark)
public class DispatcherBenchmark {
  private static final int BURST = 1_000;

  private final Dispatcher dispatcher = new Dispatcher(Throwable::printStackTrace);
  private final AtomicLong done = new AtomicLong();
  private long left;

  /** Starts the thread. */
  @Setup
  public void start() {
    dispatcher.start();
  }

  /** Ends it. */
  @TearDown
  public void end() {
    dispatcher.close();
  }

  private void leave(int tasks) {
    for (int task = 0; task < tasks; task++) {
      dispatcher.execute(done::incrementAndGet);
    }
    left += tasks;
    while (done.get() < left) {
      Thread.yield(); // the dispatch thread may want this core
    }
  }

  /** One task, to a thread that sleeps. */
  @Benchmark
  public void single() {
    leave(1);
  }

  /** A task of a burst, most of them to a thread that is awake. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public void burst() {
    leave(BURST);
  }
}
