package org.nethserver.events.agent.run;

import org.nethserver.events.api.Event;

/**
 * What an agent's events take that wait, wherever they do: within the agent's own bounds, and
 * within its share of what all agents have. Lives on the dispatch thread.
 */
final class Room {
  private final Commons.Member member;
  private Limits.Queue bounds;
  private int events;
  private long bytes;

  Room(Commons.Member member, Limits.Queue bounds) {
    this.member = member;
    this.bounds = bounds;
  }

  /** Goes by other bounds from now on; what waits stays. */
  void use(Limits.Queue others) {
    bounds = others;
  }

  boolean admits(Event event) {
    return bounds.admits(events, bytes, event.payload().size()) && member.admits(event);
  }

  void hold(Event event) {
    member.hold(event);
    events++;
    bytes += event.payload().size();
  }

  void letGo(Event event) {
    member.letGo(event);
    events--;
    bytes -= event.payload().size();
  }

  /** Tells whether at least half of it is free. */
  boolean isAmple() {
    return events <= bounds.events() / 2 && bytes <= bounds.bytes() / 2;
  }

  int events() {
    return events;
  }

  long bytes() {
    return bytes;
  }
}
