package org.nethserver.events.redis;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

/** Opens transports as tests like them. */
final class Transports {
  static final List<String> PATTERN = List.of("*/event/*");

  private Transports() {}

  /** As an agent of NS8 does: user default, the agent's id as password. */
  static RedisTransport open(URI address) {
    return open(address, Timing.STANDARD);
  }

  static RedisTransport open(URI address, Timing timing) {
    return open(address, timing, Optional.of(new Credentials("default", "module/test1")));
  }

  static RedisTransport open(URI address, Timing timing, Optional<Credentials> credentials) {
    return new RedisTransport(new TransportSettings(address, "module/test1", credentials), timing);
  }

  static RedisTransport subscribe(URI address, EventSink sink) {
    return subscribe(address, Timing.STANDARD, sink);
  }

  static RedisTransport subscribe(URI address, Timing timing, EventSink sink) {
    RedisTransport transport = open(address, timing);
    transport.subscribe(PATTERN, sink);
    return transport;
  }
}
