package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.resource.ClientResources;
import java.util.List;

/** Where messages go that {@link MessageHandler} has decoded: to the connection's listeners. */
final class Messages<K, V> extends PubSubEndpoint<K, V> {
  Messages(ClientOptions options, ClientResources resources) {
    super(options, resources);
  }

  void received(K pattern, K channel, V payload) {
    List<RedisPubSubListener<K, V>> listeners = getListeners();
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).message(pattern, channel, payload);
    }
  }
}
