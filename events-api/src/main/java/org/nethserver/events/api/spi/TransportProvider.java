package org.nethserver.events.api.spi;

import java.util.Set;

/**
 * Opens transports for the schemes of some addresses. Implemented by whoever can bring events;
 * found by {@link java.util.ServiceLoader}; called by the agent and by commands such as {@code
 * events tail}.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>One provider instance is made a process, for a provider of a plugin one a loading. A plugin
 *       whose transport is in use is not loaded anew until the process ends.
 *   <li>{@link #open} may be called any number of times; it connects to nothing.
 *   <li>Each transport is closed exactly once by whoever opened it.
 * </ol>
 *
 * <p>Threads: any.
 */
public interface TransportProvider {
  /** Returns the schemes it serves, in lower case and without colon, such as {@code redis}. */
  Set<String> schemes();

  /**
   * Opens a transport.
   *
   * @param settings the address and how to present oneself there
   * @return a transport that is not connected yet
   * @throws IllegalArgumentException if the address cannot work; the message is shown to the
   *     administrator and holds no secret
   */
  Transport open(TransportSettings settings);
}
