import org.jspecify.annotations.NullMarked;

/**
 * Brings events from Redis by pub/sub, and publishes them there, with Lettuce.
 *
 * <p>Nothing is exported: the agent finds the {@linkplain
 * org.nethserver.events.api.spi.TransportProvider provider} by the scheme of an address.
 */
@NullMarked
module org.nethserver.events.redis {
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.resolver;
  requires io.netty.transport;
  requires lettuce.core;
  requires org.nethserver.events.api;
  requires reactor.core;
  requires static org.jspecify;

  provides org.nethserver.events.api.spi.TransportProvider with
      org.nethserver.events.redis.RedisTransportProvider;
}
