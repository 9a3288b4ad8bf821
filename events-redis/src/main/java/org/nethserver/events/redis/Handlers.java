package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** Completes each new connection with what Lettuce has not. */
record Handlers(ClientOptions options, Timing timing) implements NettyCustomizer {
  @Override
  public void afterBootstrapInitialized(Bootstrap bootstrap) {
    bootstrap.option(ChannelOption.ALLOCATOR, new HeapBuffers());
  }

  @Override
  public void afterChannelInitialized(Channel channel) {
    MessageHandler.install(channel, options);
    Heartbeat.install(channel, timing.silence());
  }
}
