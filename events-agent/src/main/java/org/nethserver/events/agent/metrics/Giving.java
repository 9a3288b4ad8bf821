package org.nethserver.events.agent.metrics;

import java.io.IOException;

/** A way in which figures are given, whose place is taken when it is made. */
interface Giving extends AutoCloseable {
  /** Returns where they are given, for people. */
  String place();

  /** Gives them from now on, on a thread of its own. */
  void start() throws IOException;

  /** Gives no more, and leaves nothing at the place. Throws nothing. */
  @Override
  void close();
}
