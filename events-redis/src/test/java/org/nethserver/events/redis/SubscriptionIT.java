package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RecordingSink;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisOptions;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.RequiresRedis;

@ExtendWith(RedisExtension.class)
final class SubscriptionIT {
  private static final String CHANNEL = "module/test1/event/thing-changed";

  private final RecordingSink sink = new RecordingSink();
  private final List<RedisTransport> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(RedisTransport::close);
  }

  private RedisTransport subscribe(RedisServer redis, List<String> patterns, EventSink to) {
    RedisTransport transport = Transports.open(redis.uri());
    opened.add(transport);
    transport.subscribe(patterns, to);
    return transport;
  }

  private void subscribe(RedisServer redis) {
    subscribe(redis, Transports.PATTERN, sink);
    sink.awaitSubscriptions(1);
  }

  @Test
  void everyByteOfChannelAndPayloadArrivesUntouched(RedisServer redis) throws IOException {
    subscribe(redis);
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    byte[] channel = concat(all, "/event/".getBytes(StandardCharsets.US_ASCII), all);
    try (RedisProbe probe = redis.probe()) {
      assertEquals(1, probe.publish(channel, all));
    }
    RecordingSink.Message message = sink.awaitMessages(1).getFirst();
    assertArrayEquals(channel, message.channel());
    assertArrayEquals(all, message.payload());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 1_000_000, 27_000_000})
  void payloadOfAnySizeArrivesWhole(int size, RedisServer redis) throws IOException {
    subscribe(redis);
    publishAndCompare(size, redis);
  }

  /** Redis 6 accounts some more for a message, and drops a subscriber above 32 MiB. */
  @Test
  @RequiresRedis(7)
  void largestPayloadArrivesWhole(RedisServer redis) throws IOException {
    subscribe(redis);
    publishAndCompare(28 * 1024 * 1024, redis);
  }

  private void publishAndCompare(int size, RedisServer redis) throws IOException {
    byte[] payload = new byte[size];
    new Random(size).nextBytes(payload);
    try (RedisProbe probe = redis.probe()) {
      probe.publish(CHANNEL, payload);
      probe.publish(CHANNEL, "after");
    }
    List<RecordingSink.Message> messages = sink.awaitMessages(2);
    assertArrayEquals(payload, messages.get(0).payload());
    assertEquals("after", messages.get(1).text());
    assertEquals(1, sink.subscriptions(), sink.reasons().toString());
  }

  @Test
  void allPatternsAreNamedByOneCommand(RedisServer redis) throws IOException {
    subscribe(redis, List.of("*/event/*", "events/epoch", "x*"), sink);
    sink.awaitSubscriptions(1);
    try (RedisProbe probe = redis.probe()) {
      assertEquals(3, probe.number("PUBSUB", "NUMPAT"));
      String stats = probe.text("INFO", "commandstats");
      assertTrue(stats.contains("cmdstat_psubscribe:calls=1,"), stats);
      probe.publish("events/epoch", "epoch 1");
      probe.publish(CHANNEL, "event");
    }
    List<RecordingSink.Message> messages = sink.awaitMessages(2);
    assertEquals("epoch 1", messages.get(0).text());
    assertEquals("event", messages.get(1).text());
  }

  @Test
  void clientCarriesTheAgentsIdAsItsName(RedisServer redis) {
    subscribe(redis);
    String client = redis.subscribers().getFirst();
    assertTrue(client.contains(" name=module/test1 "), client);
    assertTrue(client.contains(" user=default "), client);
  }

  @Test
  void nothingIsMissedFromTheConfirmationOn(RedisServer redis) {
    subscribe(
        redis,
        Transports.PATTERN,
        new EventSink() {
          @Override
          public void received(byte[] channel, byte[] payload) {
            sink.received(channel, payload);
          }

          @Override
          public void subscribed() {
            redis.publish(CHANNEL, "first");
          }

          @Override
          public void unavailable(String why) {
            sink.unavailable(why);
          }
        });
    assertEquals("first", sink.awaitMessages(1).getFirst().text());
  }

  @Test
  void slowSinkLosesNoOrder(RedisServer redis) throws IOException {
    int count = 60_000;
    CountDownLatch published = new CountDownLatch(1);
    List<String> received = new ArrayList<>(count);
    subscribe(
        redis,
        Transports.PATTERN,
        new EventSink() {
          @Override
          public void received(byte[] channel, byte[] payload) {
            try {
              // So slow that all the rest waits behind the first.
              published.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            synchronized (received) {
              received.add(new String(payload, StandardCharsets.UTF_8));
            }
          }

          @Override
          public void subscribed() {
            sink.subscribed();
          }

          @Override
          public void unavailable(String why) {
            sink.unavailable(why);
          }
        });
    sink.awaitSubscriptions(1);
    try (RedisProbe probe = redis.probe()) {
      probe.pipeline(
          IntStream.range(0, count)
              .mapToObj(i -> new Object[] {"PUBLISH", CHANNEL + i % 64, "" + i})
              .toList());
    }
    published.countDown();
    Eventually.await(
        "all messages",
        Duration.ofSeconds(20),
        () -> {
          synchronized (received) {
            return received.size() == count;
          }
        });
    assertEquals(IntStream.range(0, count).mapToObj(String::valueOf).toList(), received);
  }

  @Test
  void throwingSinkIsCalledAgain(RedisServer redis) {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
    Thread.setDefaultUncaughtExceptionHandler((_, failure) -> reported.add(failure));
    try {
      subscribe(
          redis,
          Transports.PATTERN,
          new EventSink() {
            @Override
            public void received(byte[] channel, byte[] payload) {
              sink.received(channel, payload);
              throw new AssertionError("a bug");
            }

            @Override
            public void subscribed() {
              sink.subscribed();
            }

            @Override
            public void unavailable(String why) {
              sink.unavailable(why);
            }
          });
      sink.awaitSubscriptions(1);
      redis.publish(CHANNEL, "one");
      redis.publish(CHANNEL, "two");
      sink.awaitMessages(2);
      Eventually.await("both reported", Duration.ofSeconds(5), () -> reported.size() == 2);
      assertEquals(List.of(), sink.reasons());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void repliesComeFromTheThreadThatBringsEvents(RedisServer redis) {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    RedisTransport transport = Transports.open(redis.uri());
    opened.add(transport);
    transport.answer(() -> threads.add(Thread.currentThread().getName()));
    transport.subscribe(
        Transports.PATTERN,
        new EventSink() {
          @Override
          public void received(byte[] channel, byte[] payload) {}

          @Override
          public void subscribed() {
            threads.add(Thread.currentThread().getName());
          }

          @Override
          public void unavailable(String why) {}
        });
    Eventually.await("both", Duration.ofSeconds(5), () -> threads.size() == 2);
    assertEquals(List.of("redis", "redis"), threads);
  }

  @Test
  void passwordAloneLogsTheDefaultUserIn(
      @RedisOptions({"--requirepass", "s@cret"}) RedisServer redis) {
    RedisTransport transport =
        Transports.open(URI.create("redis://:s%40cret@127.0.0.1:" + redis.port()));
    opened.add(transport);
    transport.subscribe(Transports.PATTERN, sink);
    sink.awaitSubscriptions(1);
  }

  @Test
  void userOfTheAddressWinsOverTheSettings(
      @RedisOptions({"--user", "agent", "on", ">p:w", "resetchannels", "&*/event/*", "+psubscribe"})
          RedisServer redis) {
    RedisTransport transport =
        Transports.open(URI.create("redis://agent:p%3Aw@127.0.0.1:" + redis.port()));
    opened.add(transport);
    transport.subscribe(Transports.PATTERN, sink);
    sink.awaitSubscriptions(1);
    assertTrue(redis.subscribers().getFirst().contains(" user=agent "));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
