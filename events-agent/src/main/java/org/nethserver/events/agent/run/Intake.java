package org.nethserver.events.agent.run;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.LookUp;

/**
 * Hands what the transport brings to the dispatch thread, and never more than that thread may leave
 * lying: reading goes on whatever happens behind it.
 *
 * <p>Threads: called by the transport's; what it leaves runs on the dispatch thread.
 */
public final class Intake implements EventSink {
  /** How much of a dropped message's channel is kept to tell of it. */
  private static final int MAX_TOLD = 1024;

  private final Dispatcher dispatcher;
  private final Router router;
  private final Subscription subscription;
  private final Limits.Queue bounds;
  private final Counters counters;
  private final Overflow overflow;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Messages that did not fit and were not told yet. Beyond the bound they are only counted. */
  private final AtomicInteger untold = new AtomicInteger();

  /** Of the dispatch thread: a moment, and how many messages had come before it. */
  private LookUp.Moment moment = new LookUp.Moment();

  private long before;

  /** Hears, on the dispatch thread, of messages that found the dispatch thread far behind. */
  @FunctionalInterface
  public interface Overflow {
    /**
     * A message was dropped unread.
     *
     * @param channel its channel, hostile; the start of it if it is longer than 1 KiB
     */
    void dropped(byte[] channel);
  }

  /**
   * Makes an intake.
   *
   * @param bounds how much the dispatch thread may leave lying
   */
  public Intake(
      Dispatcher dispatcher,
      Router router,
      Subscription subscription,
      Limits.Queue bounds,
      Counters counters,
      Overflow overflow) {
    this.dispatcher = dispatcher;
    this.router = router;
    this.subscription = subscription;
    this.bounds = bounds;
    this.counters = counters;
    this.overflow = overflow;
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    long number = counters.received.incrementAndGet();
    // The channel too: nobody has looked at its length yet.
    long size = (long) channel.length + payload.length;
    // Only this thread adds, so what fits now fits still when it is added.
    if (!bounds.admits(events.get(), bytes.get(), size)) {
      drop(channel);
      return;
    }
    events.incrementAndGet();
    bytes.addAndGet(size);
    dispatcher.execute(
        () -> {
          events.decrementAndGet();
          bytes.addAndGet(-size);
          router.route(channel, payload, momentAfter(number));
        });
  }

  /** Returns a moment after a message came: the same for all that came before the first look-up. */
  private LookUp.Moment momentAfter(long number) {
    if (number > before) {
      before = counters.received.get();
      moment = new LookUp.Moment();
    }
    return moment;
  }

  private void drop(byte[] channel) {
    counters.rejected.incrementAndGet();
    if (untold.get() < bounds.events()) {
      untold.incrementAndGet();
      byte[] start = Arrays.copyOf(channel, Math.min(channel.length, MAX_TOLD));
      dispatcher.execute(
          () -> {
            untold.decrementAndGet();
            overflow.dropped(start);
          });
    }
  }

  @Override
  public void subscribed() {
    dispatcher.execute(subscription::subscribed);
  }

  @Override
  public void unavailable(String why) {
    dispatcher.execute(() -> subscription.unavailable(why));
  }
}
