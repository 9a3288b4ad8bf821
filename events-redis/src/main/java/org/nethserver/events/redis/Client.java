package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnectionImpl;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.spi.TransportSettings;
import reactor.core.publisher.Mono;

/**
 * Lettuce, made lean: one thread, no metrics, no event bus, no proxies; and made plain: a
 * connection that is lost stays lost. Lettuce's own reconnecting would send what was pending once
 * more, would subscribe with as many commands as it likes, and keeps silent when that fails.
 */
final class Client extends RedisClient {
  private final Endpoint endpoint;
  private final RedisURI target;
  private final Timing timing;
  private final EventLoop loop;

  private Client(
      ClientResources resources,
      RedisAddress address,
      RedisURI target,
      ClientOptions options,
      Timing timing,
      EventLoop loop) {
    super(resources, target);
    this.endpoint = address.endpoint();
    this.target = target;
    this.timing = timing;
    this.loop = loop;
    setOptions(options);
  }

  static Client create(
      RedisAddress address, TransportSettings settings, Timing timing, EventLoop loop) {
    ClientOptions options = options(address, timing);
    ClientResources resources =
        DefaultClientResources.builder()
            .eventLoopGroupProvider(loop)
            .eventExecutorGroup(loop.group())
            .timer(new LoopTimer(loop.group()))
            .eventBus(new NoEvents())
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .addressResolverGroup(new HostNames(loop.group(), timing.connect()))
            .nettyCustomizer(new Handlers(options, timing))
            .build();
    return new Client(
        resources, address, Target.of(address, settings, timing), options, timing, loop);
  }

  private static ClientOptions options(RedisAddress address, Timing timing) {
    SslOptions.Builder tls =
        SslOptions.builder().jdkSslProvider().handshakeTimeout(timing.connect());
    address.tls().flatMap(RedisAddress.Tls::authorities).ifPresent(file -> trust(tls, file));
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .decodeBufferPolicy(new ReadBuffer())
        .socketOptions(
            SocketOptions.builder().connectTimeout(timing.connect()).keepAlive(true).build())
        .sslOptions(tls.build())
        // What may take how long is decided by those who wait.
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .build();
  }

  private static void trust(SslOptions.Builder tls, Path authorities) {
    if (!Files.isReadable(authorities)) {
      throw new IllegalArgumentException("the ca-file \"" + authorities + "\" cannot be read");
    }
    tls.trustManager(authorities.toFile());
  }

  /**
   * Connects, logs in and names itself, in one HELLO; RESP3 where the server knows it, since there
   * messages and replies cannot be mistaken for each other.
   */
  CompletionStage<Connection<byte[], byte[]>> open() {
    return connectPubSubAsync(ByteArrayCodec.INSTANCE, target)
        .thenApply(connection -> (Connection<byte[], byte[]>) connection);
  }

  /** Lets the resources go, which would complain else; the event loop is closed by its owner. */
  void release() {
    getResources().shutdown(0, 0, TimeUnit.MILLISECONDS);
  }

  @Override
  protected <K, V> PubSubEndpoint<K, V> createPubSubEndpoint() {
    return new Messages<>(getOptions(), getResources());
  }

  @Override
  protected <K, V> StatefulRedisPubSubConnectionImpl<K, V> newStatefulRedisPubSubConnection(
      PubSubEndpoint<K, V> commands,
      RedisChannelWriter writer,
      RedisCodec<K, V> codec,
      Duration timeout) {
    return new Connection<>((Messages<K, V>) commands, writer, codec, timeout);
  }

  @Override
  protected Mono<SocketAddress> getSocketAddress(RedisURI uri) {
    return endpoint.socket().map(Mono::just).orElseGet(() -> super.getSocketAddress(uri));
  }

  @Override
  protected void connectionBuilder(
      Mono<SocketAddress> address,
      ConnectionBuilder builder,
      ConnectionEvents events,
      RedisURI uri) {
    super.connectionBuilder(address, builder, events, uri);
    if (endpoint.socket().isPresent()) {
      // Lettuce knows unix sockets by native libraries alone; the JDK has them since 16.
      builder.bootstrap(
          new Bootstrap()
              .group(loop.group())
              .channel(NioDomainSocketChannel.class)
              .option(
                  ChannelOption.CONNECT_TIMEOUT_MILLIS,
                  Math.toIntExact(timing.connect().toMillis())));
      builder.apply(uri);
    }
  }
}
