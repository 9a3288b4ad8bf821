package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.lettuce.core.pubsub.PubSubOutput;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.spi.TransportSettings;

/** The two decoders on one stream of bytes: which of them has a message must not matter. */
final class MessageHandlerTests {
  private static final String MESSAGES =
      message("a/event/x", "one")
          + ">3\r\n$10\r\npsubscribe\r\n$2\r\ne*\r\n:2\r\n"
          + message("b/event/y", "")
          + message("c/event/z", "+PONG\r\n>4\r\n$8\r\npmessage\r\n$1");
  private static final List<String> RECEIVED =
      List.of("a/event/x=one", "e*", "b/event/y=", "c/event/z=+PONG\r\n>4\r\n$8\r\npmessage\r\n$1");

  private final EventLoop loop = new EventLoop("test");
  private final List<String> received = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close(Duration.ofSeconds(1));
  }

  private static String message(String channel, String payload) {
    return ">4\r\n$8\r\npmessage\r\n$9\r\n*/event/*\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
        .formatted(channel.length(), channel, payload.length(), payload);
  }

  private EmbeddedChannel connection() {
    Client client =
        Client.create(
            RedisAddress.parse(URI.create("redis://host")),
            new TransportSettings(URI.create("redis://host"), "test", Optional.empty()),
            Timing.STANDARD,
            loop);
    var endpoint = client.<byte[], byte[]>createPubSubEndpoint();
    client.newStatefulRedisPubSubConnection(
        endpoint, endpoint, ByteArrayCodec.INSTANCE, Duration.ofSeconds(1));
    endpoint.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] pattern, byte[] channel, byte[] payload) {
            assertEquals("*/event/*", text(pattern));
            received.add(text(channel) + "=" + text(payload));
          }

          @Override
          public void psubscribed(byte[] pattern, long count) {
            received.add(text(pattern));
          }
        });
    EmbeddedChannel channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext c, Object message, ChannelPromise promise) {
                promise.setSuccess();
              }
            })
        .addLast(new CommandEncoder())
        .addLast(
            new PubSubCommandHandler<>(
                client.getOptions(), client.getResources(), ByteArrayCodec.INSTANCE, endpoint));
    MessageHandler.install(channel, client.getOptions());
    channel.pipeline().fireChannelRegistered();
    return channel;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void feed(EmbeddedChannel channel, String text) {
    if (!text.isEmpty()) {
      channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }
  }

  private static AsyncCommand<byte[], byte[], String> ping(EmbeddedChannel channel) {
    AsyncCommand<byte[], byte[], String> ping =
        new AsyncCommand<>(
            new Command<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE)));
    channel.writeOneOutbound(ping);
    return ping;
  }

  @Test
  void messagesCutAnywhereArriveWhole() {
    for (int cut = 0; cut <= MESSAGES.length(); cut++) {
      received.clear();
      EmbeddedChannel channel = connection();
      feed(channel, MESSAGES.substring(0, cut));
      feed(channel, MESSAGES.substring(cut));
      assertEquals(RECEIVED, received, "cut at " + cut);
      channel.close();
    }
  }

  @Test
  void messagesThatComeByteByByteArriveWhole() {
    EmbeddedChannel channel = connection();
    MESSAGES.chars().forEach(c -> feed(channel, Character.toString(c)));
    assertEquals(RECEIVED, received);
  }

  @Test
  void pingAmidstMessagesIsAnsweredAndDisturbsNone() {
    for (int sent = 0; sent <= MESSAGES.length(); sent += 3) {
      for (int end : ends()) {
        received.clear();
        EmbeddedChannel channel = connection();
        // The PING goes out when these bytes have come; its answer comes between two messages.
        int asked = Math.min(sent, end);
        feed(channel, MESSAGES.substring(0, asked));
        AsyncCommand<byte[], byte[], String> ping = ping(channel);
        feed(channel, MESSAGES.substring(asked, end));
        feed(channel, "+PO");
        feed(channel, "NG\r\n" + MESSAGES.substring(end));
        assertEquals(RECEIVED, received, "sent at " + asked + ", answered at " + end);
        assertEquals("PONG", ping.getNow(null));
        channel.close();
      }
    }
  }

  @Test
  void pingBesideLettuceDisturbsNoMessage() {
    for (String answer : List.of("+PONG\r\n", "-NOPERM this user may not\r\n")) {
      for (int end : ends()) {
        for (int cut = 0; cut < answer.length(); cut++) {
          received.clear();
          EmbeddedChannel channel = connection();
          MessageHandler handler = channel.pipeline().get(MessageHandler.class);
          assertFalse(handler.ping(channel), "before a subscription");
          AsyncCommand<byte[], byte[], ?> subscription = subscribe(channel);
          assertFalse(handler.ping(channel), "while a command waits");
          feed(channel, ">3\r\n$10\r\npsubscribe\r\n$2\r\nf*\r\n:1\r\n");
          assertTrue(subscription.isDone());
          assertTrue(handler.ping(channel));
          feed(channel, MESSAGES.substring(0, end) + answer.substring(0, cut));
          feed(channel, answer.substring(cut) + MESSAGES.substring(end));
          received.removeFirst();
          assertEquals(RECEIVED, received, "answered at " + end);
          AsyncCommand<byte[], byte[], String> other = ping(channel);
          assertFalse(handler.ping(channel), "after another command");
          feed(channel, "+other\r\n");
          assertEquals("other", other.getNow(null));
          channel.close();
        }
      }
    }
  }

  private static AsyncCommand<byte[], byte[], ?> subscribe(EmbeddedChannel channel) {
    AsyncCommand<byte[], byte[], byte[]> subscription =
        new AsyncCommand<>(
            new Command<>(
                CommandType.PSUBSCRIBE,
                new PubSubOutput<>(ByteArrayCodec.INSTANCE),
                new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(new byte[] {'f', '*'})));
    channel.writeOneOutbound(subscription);
    return subscription;
  }

  /** Where messages end. */
  private static int[] ends() {
    int first = message("a/event/x", "one").length();
    int second = MESSAGES.indexOf(message("b/event/y", ""));
    return new int[] {first, second, second + message("b/event/y", "").length(), MESSAGES.length()};
  }

  @Test
  void readBufferShrinksAfterALargeMessage() {
    var buffer = Unpooled.buffer(64 * 1024);
    buffer.writeBytes(new byte[5_000_000]);
    new ReadBuffer().afterDecoding(buffer.skipBytes(5_000_000));
    assertEquals(64 * 1024, buffer.capacity());
  }
}
