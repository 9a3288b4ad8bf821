package org.nethserver.events.api.spi;

import java.util.List;
import java.util.Optional;

/**
 * A way by which events come, and perhaps go. Made by a {@link TransportProvider}.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>{@link #subscribe} is called at most once. It returns at once; the transport connects in
 *       the background, and again by itself whenever the connection is lost, until it is closed.
 *   <li>{@link #close} ends the subscription: when it has returned the sink is called no more.
 * </ol>
 */
public interface Transport extends AutoCloseable {
  /** Returns where it connects to, for people, without secrets: {@code redis://127.0.0.1:6379}. */
  String address();

  /**
   * Begins to bring events.
   *
   * @param patterns glob patterns of channels to hear, such as {@code *}{@code /event/*}; all in
   *     one subscription
   * @param sink whom to bring them to
   */
  void subscribe(List<String> patterns, EventSink sink);

  /**
   * Returns what else the transport can do.
   *
   * @param <C> an interface of this package
   * @param capability such as {@link Publisher}
   */
  default <C> Optional<C> capability(Class<C> capability) {
    return capability.isInstance(this) ? Optional.of(capability.cast(this)) : Optional.empty();
  }

  /**
   * Runs the reply on the thread that brings events, so that the agent's watchdog knows that it
   * lives. Whether the far side answers is no matter here.
   *
   * @param reply quick, thread-safe, throws nothing
   */
  default void answer(Runnable reply) {
    reply.run();
  }

  /** Ends the subscription and frees all; waits no longer than a second. Throws nothing. */
  @Override
  void close();
}
