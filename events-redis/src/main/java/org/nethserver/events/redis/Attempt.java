package org.nethserver.events.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.PubSubOutput;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its beginning to its end: connecting, waiting for the confirmation of each
 * pattern, subscribed, over. It is over exactly once, whatever comes first: a failure, a
 * disconnect, the end of patience, or {@link #abandon}. All on the event loop.
 */
final class Attempt extends RedisPubSubAdapter<byte[], byte[]>
    implements RedisConnectionStateListener {
  private final Subscription subscription;
  private final Client client;
  private final EventLoop loop;
  private final Timing timing;
  private final List<String> patterns;
  private final String user;
  private final Set<String> unconfirmed;
  private @Nullable Connection<byte[], byte[]> connection;
  private @Nullable Future<?> patience;
  private boolean over;

  Attempt(
      Subscription subscription,
      Client client,
      EventLoop loop,
      Timing timing,
      List<String> patterns,
      String user) {
    this.subscription = subscription;
    this.client = client;
    this.loop = loop;
    this.timing = timing;
    this.patterns = patterns;
    this.user = user;
    this.unconfirmed = new HashSet<>(patterns);
  }

  void start() {
    // Each step has a limit of its own; this one is for steps that forget to end.
    endPatienceAfter(timing.connect().multipliedBy(10), "timed out");
    try {
      // With sentinels the end may come from another thread.
      client
          .open()
          .whenComplete(
              (connected, failure) ->
                  loop.run(
                      () -> {
                        if (connected != null) {
                          subscribe(connected);
                        } else {
                          lose(Diagnosis.of(failure, user));
                        }
                      }));
    } catch (RuntimeException e) {
      // Lettuce reports most failures by the future, but not all.
      lose(Diagnosis.of(e, user));
    }
  }

  private void subscribe(Connection<byte[], byte[]> connected) {
    if (over) {
      connected.closeAsync();
      return;
    }
    connection = connected;
    connected.addListener((RedisConnectionStateListener) this);
    connected.addListener((RedisPubSubListener<byte[], byte[]>) this);
    endPatienceAfter(timing.confirm(), "the subscription was not confirmed: timed out");
    CommandArgs<byte[], byte[]> names = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    patterns.forEach(pattern -> names.addKey(pattern.getBytes(StandardCharsets.UTF_8)));
    AsyncCommand<byte[], byte[], byte[]> command =
        new AsyncCommand<>(
            new Command<>(
                CommandType.PSUBSCRIBE, new PubSubOutput<>(ByteArrayCodec.INSTANCE), names));
    command.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            lose(refusal(failure));
          }
        });
    connected.dispatch(command);
  }

  /** Returns the connection, once there is one. */
  Connection<byte[], byte[]> connection() {
    return Objects.requireNonNull(connection, "connection");
  }

  private Diagnosis refusal(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    if (!text.startsWith("NOPERM")) {
      return Diagnosis.of(failure, user);
    }
    return Diagnosis.refused(
        "user \"%s\" may not subscribe to %s; run ACL SETUSER %s +psubscribe %s"
            .formatted(
                user,
                String.join(" and ", patterns),
                user,
                patterns.stream().map(p -> "&" + p).collect(Collectors.joining(" "))));
  }

  @Override
  public void psubscribed(byte[] pattern, long count) {
    boolean awaited = unconfirmed.remove(new String(pattern, StandardCharsets.UTF_8));
    if (awaited && unconfirmed.isEmpty() && !over) {
      endPatience();
      subscription.subscribed();
    }
  }

  @Override
  public void message(byte[] pattern, byte[] channel, byte[] payload) {
    if (!over) {
      subscription.received(channel, payload);
    }
  }

  @Override
  public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
    lose(((Connection<?, ?>) lost).diagnosis(user));
  }

  private void lose(Diagnosis diagnosis) {
    if (!over) {
      abandon();
      subscription.lost(diagnosis);
    }
  }

  /** Ends it without a word. */
  void abandon() {
    over = true;
    endPatience();
    if (connection != null) {
      connection.closeAsync();
    }
  }

  private void endPatienceAfter(Duration limit, String why) {
    endPatience();
    patience = loop.schedule(() -> lose(Diagnosis.absent(why)), limit);
  }

  private void endPatience() {
    if (patience != null) {
      patience.cancel(false);
    }
  }
}
