package org.nethserver.events.agent.run;

import org.nethserver.events.api.Event;

/**
 * Stands between what is heard and an agent's lanes, where the agent has to make good first what it
 * missed. Lives on the dispatch thread.
 */
public interface Gate {
  /** Tells whether the agent takes events as they come. */
  boolean isOpen();

  /**
   * An event came while the gate was open.
   *
   * @param found what the agent has for it
   * @param placed whether the event's id is its place in a journal
   */
  void offer(Event event, Handling found, boolean placed);
}
