package org.nethserver.events.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.Check;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.redis.journal.Word;

/**
 * A subscription or a recorder on one connection, and on another what publishes and reads; all on
 * one event loop.
 */
final class RedisTransport implements Transport, Publisher, Recorder, Journal, Check {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(900);

  private final TransportSettings settings;
  private final RedisAddress address;
  private final String user;
  private final Timing timing;
  private final EventLoop loop;
  private final Client client;
  private final KeptConnection connection;
  private final RedisPublisher publisher;
  private final RedisJournal journal;

  /** Written once, by {@link #subscribe}; read by whoever closes. */
  private volatile @Nullable Subscription subscription;

  RedisTransport(TransportSettings settings, Timing timing) {
    this.settings = settings;
    this.address = RedisAddress.parse(settings.address());
    this.user = address.user(settings.credentials());
    this.timing = timing;
    this.loop = new EventLoop("redis");
    this.client = Client.create(address, settings, timing, loop);
    this.connection = new KeptConnection(client, loop, timing);
    this.publisher = new RedisPublisher(connection, address.toString(), user);
    this.journal = new RedisJournal(connection, address.toString(), user);
  }

  @Override
  public String address() {
    return address.toString();
  }

  @Override
  public void subscribe(List<String> patterns, EventSink sink) {
    Subscription begun = begin(patterns, sink);
    loop.post(begun::start);
  }

  @Override
  public void follow(List<String> patterns, Follower follower) {
    List<String> all = new ArrayList<>(patterns);
    all.add(Word.CHANNEL);
    Subscription begun = begin(all, new Counting(follower));
    loop.post(begun::start);
  }

  @Override
  public void record(Plan plan, Listener listener) {
    RedisRecorder recorder = new RedisRecorder(plan, listener, loop, user);
    Subscription begun = begin(RedisRecorder.PATTERNS, recorder);
    loop.post(() -> recorder.begin(begun));
  }

  private Subscription begin(List<String> patterns, EventSink sink) {
    if (subscription != null) {
      throw new IllegalStateException("subscribed already");
    }
    Subscription begun = new Subscription(client, loop, timing, user, patterns, sink);
    subscription = begun;
    return begun;
  }

  @Override
  public long publish(byte[] channel, byte[] payload) throws IOException {
    return publisher.publish(channel, payload);
  }

  @Override
  public List<Entry> read(String key, String after, int most) throws IOException {
    return journal.read(key, after, most);
  }

  @Override
  public List<Entry> readFrom(String key, String id, int most) throws IOException {
    return journal.readFrom(key, id, most);
  }

  @Override
  public List<Entry> last(String key, int most) throws IOException {
    return journal.last(key, most);
  }

  @Override
  public List<Finding> examine(Wanted wanted) {
    try (RedisCheck check = new RedisCheck(settings)) {
      return check.examine(wanted);
    }
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
    connection.close();
    loop.close(CLOSE_LIMIT);
    client.release();
  }
}
