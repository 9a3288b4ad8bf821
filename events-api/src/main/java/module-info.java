import org.jspecify.annotations.NullMarked;

/**
 * What every part of the event system shares: the {@linkplain org.nethserver.events.api.Event
 * event}, its checked names, its payload, the outcome of a step, and the {@linkplain
 * org.nethserver.events.api.EventHandler handler}, a step written in Java.
 *
 * <p>The package {@code spi} holds the services that transports and kinds of steps implement. They
 * are found by {@link java.util.ServiceLoader}; nothing here knows an implementation.
 */
@NullMarked
module org.nethserver.events.api {
  requires static org.jspecify;

  exports org.nethserver.events.api;
  exports org.nethserver.events.api.spi;
}
