package org.nethserver.events.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/** A subscription and a publisher, each with connections of its own, on one event loop. */
final class RedisTransport implements Transport, Publisher {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(900);

  private final RedisAddress address;
  private final String user;
  private final Timing timing;
  private final EventLoop loop;
  private final Client client;
  private final RedisPublisher publisher;

  /** Written once, by {@link #subscribe}; read by whoever closes. */
  private volatile @Nullable Subscription subscription;

  RedisTransport(TransportSettings settings, Timing timing) {
    this.address = RedisAddress.parse(settings.address());
    this.user = address.user(settings.credentials());
    this.timing = timing;
    this.loop = new EventLoop("redis");
    this.client = Client.create(address, settings, timing, loop);
    this.publisher = new RedisPublisher(client, loop, timing, address.toString(), user);
  }

  @Override
  public String address() {
    return address.toString();
  }

  @Override
  public void subscribe(List<String> patterns, EventSink sink) {
    if (subscription != null) {
      throw new IllegalStateException("subscribed already");
    }
    Subscription begun = new Subscription(client, loop, timing, user, patterns, sink);
    subscription = begun;
    loop.post(begun::start);
  }

  @Override
  public long publish(byte[] channel, byte[] payload) throws IOException {
    return publisher.publish(channel, payload);
  }

  @Override
  public void answer(Runnable reply) {
    loop.post(reply);
  }

  @Override
  public void close() {
    Subscription open = subscription;
    if (open != null) {
      open.close();
    }
    publisher.close();
    loop.close(CLOSE_LIMIT);
    client.release();
  }
}
