package org.nethserver.events.api.spi;

import java.io.IOException;

/** A {@link Transport} that can also send events. */
public interface Publisher {
  /**
   * Sends one event and waits for the far side's answer; sent at most once, never repeated. Blocks
   * up to some seconds; any thread.
   *
   * @param channel {@code <source>/event/<name>}, sent as it is
   * @param payload sent as it is
   * @return how many receivers took it at once
   * @throws IOException if it was not sent, or nobody knows whether it was; the message says what,
   *     where, why and what to do
   */
  long publish(byte[] channel, byte[] payload) throws IOException;
}
