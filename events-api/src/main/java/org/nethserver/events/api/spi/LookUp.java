package org.nethserver.events.api.spi;

import java.util.Objects;
import org.nethserver.events.api.EventName;

/**
 * One look for an event's steps. All sources of all agents in the process are asked by the same
 * object, one after the other; none is asked by it later. So what several sources would each find
 * out, such as whether anything on disk has changed, one of them may find out for all: by the
 * object's identity they know that it was after the look-up began.
 *
 * <p>Made by the agent for each event, after the event has come.
 */
public final class LookUp {
  private final EventName event;

  /**
   * Begins a look-up.
   *
   * @param event the event's name
   */
  public LookUp(EventName event) {
    this.event = Objects.requireNonNull(event, "event");
  }

  /** Returns the event's name. */
  public EventName event() {
    return event;
  }
}
