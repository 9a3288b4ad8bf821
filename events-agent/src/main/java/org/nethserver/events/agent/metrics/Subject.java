package org.nethserver.events.agent.metrics;

import java.util.function.Consumer;

/** The host that is measured. Its methods return at once; any thread. */
public interface Subject {
  /**
   * Reads how it stands.
   *
   * @param taker called on the dispatch thread; never, if that is stuck
   */
  void read(Consumer<Readings> taker);

  /**
   * Runs the reply once each thread that events need has answered.
   *
   * @param reply called on the dispatch thread; never, if one is stuck
   */
  void answer(Runnable reply);
}
