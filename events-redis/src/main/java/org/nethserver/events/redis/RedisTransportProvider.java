package org.nethserver.events.redis;

import java.util.Set;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/** Opens transports to Redis; {@link RedisAddress} says which addresses it understands. */
public final class RedisTransportProvider implements TransportProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public RedisTransportProvider() {}

  @Override
  public Set<String> schemes() {
    return RedisAddress.SCHEMES;
  }

  @Override
  public Transport open(TransportSettings settings) {
    return new RedisTransport(settings, Timing.STANDARD);
  }
}
