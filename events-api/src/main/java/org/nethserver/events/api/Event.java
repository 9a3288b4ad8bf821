package org.nethserver.events.api;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened, as one agent received it.
 *
 * @param id names this event within this agent; the same when the event is delivered again.
 *     Letters, digits and {@code -} only
 * @param channel its source and name
 * @param payload the bytes published with it
 * @param time when it was received, or recorded
 * @param delivery how many times its run was begun, this one counted: more than once only where an
 *     agent's process died in it
 */
public record Event(String id, Channel channel, Payload payload, Instant time, int delivery) {
  /** Refuses null. */
  public Event {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(time, "time");
  }

  /** Makes an event that is delivered for the first time. */
  public Event(String id, Channel channel, Payload payload, Instant time) {
    this(id, channel, payload, time, 1);
  }

  /** Returns what happened. */
  public EventName name() {
    return channel.name();
  }

  /** Returns who told of it. */
  public EventSource source() {
    return channel.source();
  }
}
