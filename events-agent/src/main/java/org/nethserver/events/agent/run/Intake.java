package org.nethserver.events.agent.run;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.Position;

/**
 * Hands what the transport brings to the dispatch thread, and never more than that thread may leave
 * lying: reading goes on whatever happens behind it.
 *
 * <p>Threads: called by the transport's; what it leaves runs on the dispatch thread.
 */
public final class Intake implements Journal.Follower {
  /** How much of a dropped message's channel is kept to tell of it. */
  private static final int MAX_TOLD = 1024;

  private final Dispatcher dispatcher;
  private final Destination destination;
  private final Subscription subscription;
  private final Limits.Queue bounds;
  private final Counters counters;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Messages that did not fit and were not told yet. Beyond the bound they are only counted. */
  private final AtomicInteger untold = new AtomicInteger();

  /** Of the dispatch thread: a moment, and how many messages had come before it. */
  private LookUp.Moment moment = new LookUp.Moment();

  private long before;

  /** Where messages go, on the dispatch thread. */
  public interface Destination {
    /**
     * A message came.
     *
     * @param position where it stands in a journal; null if that is not known
     * @param channel its channel, hostile
     * @param payload its payload
     * @param moment a moment after it came
     */
    void message(@Nullable Position position, byte[] channel, byte[] payload, LookUp.Moment moment);

    /**
     * A message was dropped unread: the dispatch thread is far behind.
     *
     * @param position as above
     * @param channel its channel, hostile; the start of it if it is longer than 1 KiB
     */
    void dropped(@Nullable Position position, byte[] channel);

    /** As {@link Journal.Follower#marked}. */
    default void marked(String epoch) {}

    /** As {@link Journal.Follower#recorded}. */
    default void recorded(String epoch, Position position, long number) {}

    /** A subscription has begun. */
    default void subscribed() {}
  }

  /**
   * Makes an intake.
   *
   * @param bounds how much the dispatch thread may leave lying
   */
  public Intake(
      Dispatcher dispatcher,
      Destination destination,
      Subscription subscription,
      Limits.Queue bounds,
      Counters counters) {
    this.dispatcher = dispatcher;
    this.destination = destination;
    this.subscription = subscription;
    this.bounds = bounds;
    this.counters = counters;
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    take(null, channel, payload);
  }

  @Override
  public void received(Position position, byte[] channel, byte[] payload) {
    take(position, channel, payload);
  }

  private void take(@Nullable Position position, byte[] channel, byte[] payload) {
    long number = counters.received.incrementAndGet();
    // The channel too: nobody has looked at its length yet.
    long size = (long) channel.length + payload.length;
    // Only this thread adds, so what fits now fits still when it is added.
    if (!bounds.admits(events.get(), bytes.get(), size)) {
      drop(position, channel);
      return;
    }
    events.incrementAndGet();
    bytes.addAndGet(size);
    dispatcher.execute(
        () -> {
          events.decrementAndGet();
          bytes.addAndGet(-size);
          destination.message(position, channel, payload, momentAfter(number));
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

  private void drop(@Nullable Position position, byte[] channel) {
    if (untold.get() >= bounds.events()) {
      counters.rejected.incrementAndGet();
      return;
    }
    untold.incrementAndGet();
    byte[] start = Arrays.copyOf(channel, Math.min(channel.length, MAX_TOLD));
    dispatcher.execute(
        () -> {
          untold.decrementAndGet();
          destination.dropped(position, start);
        });
  }

  @Override
  public void marked(String epoch) {
    dispatcher.execute(() -> destination.marked(epoch));
  }

  @Override
  public void recorded(String epoch, Position position, long number) {
    dispatcher.execute(() -> destination.recorded(epoch, position, number));
  }

  @Override
  public void subscribed() {
    dispatcher.execute(
        () -> {
          subscription.subscribed();
          destination.subscribed();
        });
  }

  @Override
  public void unavailable(String why) {
    dispatcher.execute(() -> subscription.unavailable(why));
  }
}
