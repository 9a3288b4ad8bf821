package org.nethserver.events.redis;

import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.RedisPubSubAsyncCommandsImpl;
import io.lettuce.core.pubsub.RedisPubSubReactiveCommandsImpl;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnectionImpl;
import io.lettuce.core.pubsub.api.sync.RedisPubSubCommands;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that only takes whole commands. The stock one makes an asynchronous, a synchronous
 * and a reactive face with every command of Redis, two of them proxies: 80 ms of a start.
 */
final class Connection<K, V> extends StatefulRedisPubSubConnectionImpl<K, V> {
  private final Messages<K, V> messages;

  Connection(
      Messages<K, V> messages,
      RedisChannelWriter writer,
      RedisCodec<K, V> codec,
      Duration timeout) {
    super(messages, writer, codec, timeout);
    this.messages = messages;
  }

  /** Returns why it was lost, for people; once it was. */
  Diagnosis diagnosis(String user) {
    Throwable complaint = messages.complaint();
    return complaint == null
        ? Diagnosis.absent("connection closed by the server")
        : Diagnosis.of(complaint, user);
  }

  @Override
  @SuppressWarnings("NullAway") // Nobody asks for this face; see above.
  protected @Nullable RedisPubSubAsyncCommandsImpl<K, V> newRedisAsyncCommandsImpl() {
    return null;
  }

  @Override
  @SuppressWarnings("NullAway") // As above.
  protected @Nullable RedisPubSubCommands<K, V> newRedisSyncCommandsImpl() {
    return null;
  }

  @Override
  @SuppressWarnings("NullAway") // As above.
  protected @Nullable RedisPubSubReactiveCommandsImpl<K, V> newRedisReactiveCommandsImpl() {
    return null;
  }
}
