package org.nethserver.events.agent.host;

import java.util.function.LongSupplier;

/**
 * Has garbage collected while nothing waits, once the heap has grown by some MiB. Events that wait,
 * and steps that run, outlive the small young generation; the collector looks for what is left of
 * them only when the heap has reached its limit, so that a busy agent would, in hours, grow to that
 * and stay there.
 *
 * <p>Threads: {@link #run} from one.
 */
public final class IdleCollection implements Runnable {
  /** A collection takes some 20 ms, so it should be worth its while. */
  static final long GROWTH = 12L * 1024 * 1024;

  private final LongSupplier heapSize;
  private final Runnable collector;
  private long limit;

  /** Makes one for the heap of this process, as it is now. */
  public IdleCollection() {
    this(Runtime.getRuntime()::totalMemory, System::gc);
  }

  /**
   * Makes one.
   *
   * @param heapSize tells how many bytes the heap takes from the system
   * @param collector collects all garbage, and gives back what is free then
   */
  IdleCollection(LongSupplier heapSize, Runnable collector) {
    this.heapSize = heapSize;
    this.collector = collector;
    this.limit = heapSize.getAsLong() + GROWTH;
  }

  @Override
  public void run() {
    if (heapSize.getAsLong() > limit) {
      collector.run();
      limit = heapSize.getAsLong() + GROWTH;
    }
  }
}
