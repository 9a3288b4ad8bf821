package org.nethserver.events.api.spi;

import java.util.List;
import java.util.Set;
import org.nethserver.events.api.EventName;

/**
 * One place that has steps, such as one events directory. Made by a {@link StepProvider}, owned and
 * closed by the agent.
 *
 * <p>Threads: all methods are called by the agent's dispatch thread, one call at a time, and must
 * be quick: every event waits for them.
 *
 * <p>Errors: an exception is logged with the source's {@link #origin}, and the source counts as
 * having no step for that event.
 */
public interface StepSource extends AutoCloseable {
  /** Returns where the steps come from, for people: a directory, a jar. */
  String origin();

  /**
   * Returns the steps of an event as they are at this call. Asked on every event, mostly for events
   * that the source has nothing for: that should cost a microsecond.
   *
   * @param event the event's name
   * @return the entries in any order, each name once, those that will not run included
   */
  List<StepEntry> entries(EventName event);

  /**
   * Returns the steps of an event as they are at this look-up; the agent calls this method. The
   * default is for sources that share nothing: it asks {@link #entries(EventName)}.
   *
   * @param lookUp names the event; the same object asks all sources
   * @return as above
   */
  default List<StepEntry> entries(LookUp lookUp) {
    return entries(lookUp.event());
  }

  /**
   * Returns the names of all events that it has something for, as far as that can be listed: for
   * people, not for the agent. Any thread; may take its time.
   */
  default Set<EventName> events() {
    return Set.of();
  }

  /**
   * Runs the reply on the threads that end this source's steps, so that the agent's watchdog knows
   * that they live. The default is for sources without threads of their own.
   *
   * @param reply quick, thread-safe, throws nothing
   */
  default void answer(Runnable reply) {
    reply.run();
  }

  /** Frees what the source holds. Steps that still run are stopped by the agent before. */
  @Override
  void close();
}
