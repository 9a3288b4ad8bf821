package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;

/** Completes each new connection with what Lettuce has not. */
record Handlers(ClientOptions options, Timing timing) implements NettyCustomizer {
  @Override
  public void afterChannelInitialized(Channel channel) {
    MessageHandler.install(channel, options);
    Heartbeat.install(channel, timing.silence());
  }
}
