package org.nethserver.events.api.spi;

/**
 * Takes what a {@link Transport} brings. Implemented by the agent; called by the transport, from
 * one thread at a time, in the order of arrival. No method blocks or throws.
 */
public interface EventSink {
  /**
   * A message came.
   *
   * @param channel the channel's bytes, unchecked: they are hostile until they are parsed
   * @param payload the message's bytes, verbatim; both arrays are the sink's from now on
   */
  void received(byte[] channel, byte[] payload);

  /**
   * The far side has confirmed the whole subscription: from here on nothing is missed. Called after
   * each connect, before the first message that followed the confirmation.
   */
  void subscribed();

  /**
   * There is no subscription: an attempt failed, or it was lost. Called for each failure; whoever
   * listens logs a reason that repeats only once. The transport goes on trying.
   *
   * @param why the reason and, where there is one, the cure, in one line without secrets, such as
   *     {@code connection refused}
   */
  void unavailable(String why);
}
