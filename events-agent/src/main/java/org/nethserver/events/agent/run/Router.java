package org.nethserver.events.agent.run;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.StepEntry;

/**
 * Makes events of messages, their names checked, and brings each to the agents that could answer
 * it. Lives on the dispatch thread.
 */
public final class Router {
  /** An array, since most events do nothing but go through it. */
  private HostedAgent[] agents;

  private final Counters counters;
  private final Clock clock;
  private final Supplier<String> ids;
  private final Refusals refusals;

  /** Hears of messages whose channel is none of an event. */
  @FunctionalInterface
  public interface Refusals {
    /**
     * A message was refused.
     *
     * @param channel its channel, hostile
     * @param why the rule that it breaks
     */
    void refused(byte[] channel, String why);
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

  /**
   * Takes one message.
   *
   * @param moment a moment after it came
   */
  void route(byte[] channelBytes, byte[] payload, LookUp.Moment moment) {
    Channel channel;
    try {
      channel = Channel.parse(channelBytes);
    } catch (IllegalArgumentException e) {
      counters.refused.incrementAndGet();
      refusals.refused(channelBytes, String.valueOf(e.getMessage()));
      return;
    }
    // Most events are answered by nobody here: they cost no more than the look-up.
    @Nullable Event event = null;
    LookUp lookUp = new LookUp(channel.name(), moment);
    for (HostedAgent agent : agents) {
      List<StepEntry> steps = agent.stepsOf(channel, lookUp);
      if (!steps.isEmpty()) {
        if (event == null) {
          event = new Event(ids.get(), channel, Payload.wrap(payload), clock.instant());
        }
        agent.offer(event, steps);
      }
    }
  }
}
