package org.nethserver.events.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.nethserver.events.api.spi.TransportSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Messages of Redis, from the bytes that came to the listener. */
@State(Scope.Benchmark)
public class MessageHandlerBenchmark {
  private static final int MESSAGES = 100;
  private static final URI ADDRESS = URI.create("redis://host");

  /** Of each payload. */
  @Param({"10", "3000"})
  public int bytes;

  private final EventLoop loop = new EventLoop("benchmark");
  private final EmbeddedChannel connection = new EmbeddedChannel();
  private ByteBuf stream;
  private Blackhole heard;

  /** Puts the decoder where it is in a connection. */
  @Setup
  public void connect(Blackhole blackhole) {
    heard = blackhole;
    Client client =
        Client.create(
            RedisAddress.parse(ADDRESS),
            new TransportSettings(ADDRESS, "benchmark", Optional.empty()),
            Timing.STANDARD,
            loop);
    var endpoint = client.<byte[], byte[]>createPubSubEndpoint();
    client.newStatefulRedisPubSubConnection(
        endpoint, endpoint, ByteArrayCodec.INSTANCE, Duration.ofSeconds(1));
    endpoint.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] pattern, byte[] channel, byte[] payload) {
            heard.consume(channel);
            heard.consume(payload);
          }
        });
    connection
        .pipeline()
        .addLast(new Swallowing())
        .addLast(
            new PubSubCommandHandler<>(
                client.getOptions(), client.getResources(), ByteArrayCodec.INSTANCE, endpoint));
    MessageHandler.install(connection, client.getOptions());
    connection.pipeline().fireChannelRegistered();
    String channel = "module/traefik1/event/certificate-updated";
    String message =
        ">4\r\n$8\r\npmessage\r\n$9\r\n*/event/*\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
            .formatted(channel.length(), channel, bytes, "x".repeat(bytes));
    stream =
        Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer(message.repeat(MESSAGES), StandardCharsets.US_ASCII));
  }

  /** Ends the thread that goes with a client. */
  @TearDown
  public void end() {
    loop.close(Duration.ofSeconds(1));
  }

  /** Decodes what came by one read, a message an operation. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void decode() {
    connection.writeInbound(stream.duplicate());
  }

  /** What the client says of itself goes nowhere. */
  private static final class Swallowing extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      promise.setSuccess();
    }
  }
}
