package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.redis.testing.RecordingSink;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisOptions;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.StallingProxy;

@ExtendWith(RedisExtension.class)
final class PublisherIT {
  private static final byte[] CHANNEL =
      "cluster/event/thing-changed".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PAYLOAD = {'{', '}'};

  private final RecordingSink sink = new RecordingSink();

  @Test
  void tellsHowManyReceivedIt(RedisServer redis) throws IOException {
    try (RedisTransport transport = Transports.open(redis.uri())) {
      assertTrue(transport.capability(Publisher.class).isPresent());
      assertEquals(0, transport.publish(CHANNEL, PAYLOAD));
      transport.subscribe(Transports.PATTERN, sink);
      sink.awaitSubscriptions(1);
      assertEquals(1, transport.publish(CHANNEL, PAYLOAD));
      assertArrayEquals(PAYLOAD, sink.awaitMessages(1).getFirst().payload());
    }
  }

  @Test
  void largePayloadIsSentUntouched(RedisServer redis) throws IOException {
    byte[] payload = new byte[5_000_000];
    new Random(1).nextBytes(payload);
    try (RedisTransport transport = Transports.subscribe(redis.uri(), sink)) {
      sink.awaitSubscriptions(1);
      transport.publish(CHANNEL, payload);
      assertArrayEquals(payload, sink.awaitMessages(1).getFirst().payload());
    }
  }

  @Test
  void manyEventsUseOneConnection(RedisServer redis) throws IOException {
    try (RedisTransport transport = Transports.open(redis.uri())) {
      long before = connections(redis);
      for (int i = 0; i < 100; i++) {
        transport.publish(CHANNEL, PAYLOAD);
      }
      // One of the transport, one of the question.
      assertEquals(before + 2, connections(redis));
    }
  }

  @Test
  void connectsAnewWhenTheConnectionWasLostMeanwhile(RedisServer redis) throws IOException {
    try (RedisTransport transport = Transports.open(redis.uri())) {
      transport.publish(CHANNEL, PAYLOAD);
      redis.kill();
      redis.start();
      assertEquals(0, transport.publish(CHANNEL, PAYLOAD));
    }
  }

  @Test
  void absentServerIsToldInOneSentence() throws IOException {
    try (RedisServer redis = RedisServer.stopped();
        RedisTransport transport = Transports.open(redis.uri())) {
      IOException failure =
          assertThrows(IOException.class, () -> transport.publish(CHANNEL, PAYLOAD));
      assertEquals(
          "cannot send event \"cluster/event/thing-changed\" to redis://127.0.0.1:"
              + redis.port()
              + ": connection refused",
          failure.getMessage());
    }
  }

  @Test
  void missingPermissionIsToldWithItsCure(
      @RedisOptions({"--user", "agent", "on", ">pw", "resetchannels", "+@all"}) RedisServer redis)
      throws IOException {
    try (RedisTransport transport =
        Transports.open(URI.create("redis://agent:pw@127.0.0.1:" + redis.port()))) {
      IOException failure =
          assertThrows(IOException.class, () -> transport.publish(CHANNEL, PAYLOAD));
      String text = failure.getMessage();
      assertEquals(
          "user \"agent\" may not publish to \"cluster/event/thing-changed\" at redis://127.0.0.1:"
              + redis.port()
              + "; run ACL SETUSER agent +publish &cluster/event/thing-changed",
          text);
      redis.command((Object[]) text.substring(text.indexOf("ACL")).split(" "));
      assertEquals(0, transport.publish(CHANNEL, PAYLOAD));
    }
  }

  @Test
  void eventIsNotSentAgainWhenItsConnectionIsCut(RedisServer redis)
      throws IOException, InterruptedException {
    try (RedisTransport listener = Transports.subscribe(redis.uri(), sink);
        StallingProxy proxy = new StallingProxy(redis.port());
        RedisTransport transport = Transports.open(proxy.uri())) {
      sink.awaitSubscriptions(1);
      transport.publish(CHANNEL, "first".getBytes(StandardCharsets.US_ASCII));
      // The server gets it, its answer is lost, and then the connection.
      proxy.stallReplies();
      Thread cutter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    sink.awaitMessages(2);
                    proxy.cut();
                  });
      IOException failure =
          assertThrows(
              IOException.class,
              () -> transport.publish(CHANNEL, "second".getBytes(StandardCharsets.US_ASCII)));
      cutter.join();
      assertTrue(
          failure.getMessage().startsWith("nobody knows whether event "), failure.getMessage());
      transport.publish(CHANNEL, "third".getBytes(StandardCharsets.US_ASCII));
      // Were the second repeated, it would be before the third, on the same new connection.
      assertEquals(
          List.of("first", "second", "third"),
          sink.awaitMessages(3).stream().map(RecordingSink.Message::text).toList());
      assertTrue(listener.address().startsWith("redis://"));
    }
  }

  @Test
  void silentServerIsGivenUp(RedisServer redis) throws IOException {
    Timing timing = Timing.STANDARD.withAnswer(Duration.ofSeconds(1));
    try (RedisTransport transport = Transports.open(redis.uri(), timing)) {
      transport.publish(CHANNEL, PAYLOAD);
      redis.pause();
      try {
        IOException failure =
            assertThrows(IOException.class, () -> transport.publish(CHANNEL, PAYLOAD));
        assertTrue(failure.getMessage().contains("no answer within 1 s"), failure.getMessage());
      } finally {
        redis.resume();
      }
      assertEquals(0, transport.publish(CHANNEL, PAYLOAD));
    }
  }

  @Test
  void controlCharactersOfTheChannelAreNotShown() throws IOException {
    try (RedisServer redis = RedisServer.stopped();
        RedisTransport transport = Transports.open(redis.uri())) {
      byte[] channel = "a\n\u001b[31m/event/x".getBytes(StandardCharsets.US_ASCII);
      IOException failure =
          assertThrows(IOException.class, () -> transport.publish(channel, PAYLOAD));
      assertFalse(failure.getMessage().contains("\n") || failure.getMessage().contains("\u001b"));
    }
  }

  private static long connections(RedisServer redis) {
    Matcher matcher =
        Pattern.compile("total_connections_received:(\\d+)")
            .matcher(redis.command("INFO", "stats"));
    assertTrue(matcher.find());
    return Long.parseLong(matcher.group(1));
  }
}
