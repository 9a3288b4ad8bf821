package org.nethserver.events.api.spi;

import java.util.Objects;
import org.nethserver.events.api.EventName;

/**
 * One look for an event's steps, by which all sources of all agents in the process are asked, one
 * after the other. What several of them would each find out, such as whether anything on disk has
 * changed, one may find out for all, and once for all look-ups of one {@link Moment}.
 *
 * <p>Made by the agent.
 */
public final class LookUp {
  private final EventName event;
  private final Moment moment;

  /**
   * A moment after which look-ups began, known by its identity alone. What was changed before it
   * must be seen; what is changed after it, and so after the events in question had come, need not.
   */
  public static final class Moment {
    /** Begins now. */
    public Moment() {}
  }

  /**
   * A look-up that begins now.
   *
   * @param event the event's name
   */
  public LookUp(EventName event) {
    this(event, new Moment());
  }

  /**
   * A look-up for one of several events.
   *
   * @param event the event's name
   * @param moment a moment after all of them had come
   */
  public LookUp(EventName event, Moment moment) {
    this.event = Objects.requireNonNull(event, "event");
    this.moment = Objects.requireNonNull(moment, "moment");
  }

  /** Returns the event's name. */
  public EventName event() {
    return event;
  }

  /** Returns the moment before which all changes must be seen. */
  public Moment moment() {
    return moment;
  }
}
