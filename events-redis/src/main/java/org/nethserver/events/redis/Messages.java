package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages go that {@link MessageHandler} has decoded: to the connection's listeners. */
final class Messages<K, V> extends PubSubEndpoint<K, V> {
  private volatile @Nullable Throwable complaint;

  Messages(ClientOptions options, ClientResources resources) {
    super(options, resources);
  }

  @Override
  public void notifyChannelInactive(Channel lost) {
    complaint = Heartbeat.complaint(lost);
    super.notifyChannelInactive(lost);
  }

  /** Returns why the connection was lost, if this side knows a reason. */
  @Nullable Throwable complaint() {
    return complaint;
  }

  void received(K pattern, K channel, V payload) {
    List<RedisPubSubListener<K, V>> listeners = getListeners();
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).message(pattern, channel, payload);
    }
  }
}
