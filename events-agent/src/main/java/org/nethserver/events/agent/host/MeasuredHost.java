package org.nethserver.events.agent.host;

import java.io.IOException;
import java.util.function.Consumer;
import org.nethserver.events.agent.metrics.Metrics;
import org.nethserver.events.agent.metrics.Readings;
import org.nethserver.events.agent.metrics.Subject;

/**
 * A host as it is measured.
 *
 * @param host the host, started
 */
record MeasuredHost(Host host) implements Subject {
  /** Gives a host's figures from now on, and returns where, for people. */
  static String start(Metrics metrics, Host host) throws IOException {
    return metrics.start(new MeasuredHost(host));
  }

  @Override
  public void read(Consumer<Readings> taker) {
    host.execute(() -> taker.accept(host.readings()));
  }

  @Override
  public void answer(Runnable reply) {
    // The roll is called by the dispatch thread, as for the watchdog.
    host.execute(() -> host.answer(reply));
  }
}
