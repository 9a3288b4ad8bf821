package org.nethserver.events.agent.run;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.Position;

/**
 * Makes events of messages, their names checked, and brings each to the agents that could answer
 * it. Lives on the dispatch thread.
 */
public final class Router implements Intake.Destination {
  /** An array, since most events do nothing but go through it. */
  private HostedAgent[] agents;

  private final Counters counters;
  private final Clock clock;
  private final Supplier<String> ids;
  private final Refusals refusals;

  /** Hears of messages that are no agent's. */
  @FunctionalInterface
  public interface Refusals {
    /**
     * A message was refused.
     *
     * @param channel its channel, hostile
     * @param why the rule that it breaks
     */
    void refused(byte[] channel, String why);

    /**
     * A message was dropped unread, since the dispatch thread is far behind.
     *
     * @param channel its channel, hostile; the start of it if it is longer than 1 KiB
     */
    default void dropped(byte[] channel) {}
  }

  /**
   * Makes a router.
   *
   * @param agents all agents of the process
   * @param counters where refused messages are counted
   * @param clock tells when an event came
   * @param ids makes an event's id
   * @param refusals hears of refused messages
   */
  public Router(
      List<HostedAgent> agents,
      Counters counters,
      Clock clock,
      Supplier<String> ids,
      Refusals refusals) {
    this.agents = agents.toArray(HostedAgent[]::new);
    this.counters = counters;
    this.clock = clock;
    this.ids = ids;
    this.refusals = refusals;
  }

  /** Brings events to these agents from now on. On the dispatch thread. */
  public void use(List<HostedAgent> others) {
    agents = others.toArray(HostedAgent[]::new);
  }

  @Override
  public void message(
      @Nullable Position position, byte[] channelBytes, byte[] payload, LookUp.Moment moment) {
    Channel channel = check(channelBytes);
    if (channel != null) {
      bring(
          channel,
          moment,
          () -> new Event(ids.get(), channel, Payload.wrap(payload), clock.instant()),
          false);
    }
  }

  @Override
  public void dropped(@Nullable Position position, byte[] channel) {
    counters.rejected.incrementAndGet();
    refusals.dropped(channel);
  }

  /** Returns the checked name of a channel; null if it is refused, which is told. */
  public @Nullable Channel check(byte[] channel) {
    try {
      return Channel.parse(channel);
    } catch (IllegalArgumentException e) {
      counters.refused.incrementAndGet();
      refusals.refused(channel, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /**
   * Brings an event to the agents that take it now. Most events are answered by nobody here: they
   * cost no more than the look-up.
   *
   * @param moment a moment after it came
   * @param toMake makes the event, if one has steps for it
   * @param placed whether its id is its place in a journal
   * @return whether one has
   */
  public boolean bring(
      Channel channel, LookUp.Moment moment, Supplier<Event> toMake, boolean placed) {
    @Nullable Event event = null;
    LookUp lookUp = new LookUp(channel.name(), moment);
    boolean allAsked = true;
    for (HostedAgent agent : agents) {
      boolean open = agent.isOpen();
      allAsked &= open;
      Handling handling = open ? agent.handling(channel, lookUp) : Handling.NOTHING;
      if (!handling.isEmpty()) {
        if (event == null) {
          event = toMake.get();
        }
        agent.bring(event, handling, placed);
      }
    }
    if (event == null && allAsked) {
      counters.unhandled.incrementAndGet();
    }
    return event != null;
  }
}
