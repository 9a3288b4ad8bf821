package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** A real redis-server with one connection to it, as publisher and as witness. */
final class Redis implements AutoCloseable {
  private final RedisServer server;
  private RedisProbe probe;

  private Redis(RedisServer server) {
    this.server = server;
  }

  /** Starts a server with further options, such as {@code --requirepass}. */
  static Redis start(String... options) {
    return started(RedisServer.start(options));
  }

  /** Takes over a server that runs. */
  static Redis started(RedisServer server) {
    Redis redis = new Redis(server);
    redis.connect();
    return redis;
  }

  /** Prepares a server that does not run yet: see {@link #restart}. */
  static Redis absent() {
    return new Redis(RedisServer.stopped());
  }

  private void connect() {
    try {
      probe = server.probe();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RedisServer server() {
    return server;
  }

  int port() {
    return server.port();
  }

  /** Returns {@code HOST:PORT}. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** Ends the server at once, as a power failure would. */
  void stop() {
    server.kill();
  }

  /** Starts the server, again or at last; returns when it answers. */
  void restart() {
    server.start();
    connect();
  }

  /** Logs in as the user {@code default}. */
  void login(String password) {
    command("AUTH", password);
  }

  /** Runs a command and returns the reply as text. */
  synchronized String command(Object... words) {
    try {
      return probe.text(words);
    } catch (IOException e) {
      throw new UncheckedIOException(Arrays.toString(words), e);
    }
  }

  /** Publishes, text or bytes, and returns how many heard it. */
  synchronized long publish(Object channel, Object payload) {
    try {
      return probe.publish(channel, payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes the payloads for 1, 2 and so on, as fast as the server takes them. */
  synchronized void publishMany(String channel, int messages, IntFunction<byte[]> payload) {
    try {
      probe.pipeline(
          IntStream.rangeClosed(1, messages)
              .mapToObj(i -> new Object[] {"PUBLISH", channel, payload.apply(i)})
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a client as described by {@code CLIENT LIST} is connected, and returns it. */
  String awaitClient(String wanted, Predicate<String> matches) {
    Await.until(
        "a client " + wanted,
        Await.LIMIT,
        () -> clients().stream().anyMatch(matches),
        () -> String.join("\n", clients()));
    return clients().stream().filter(matches).findFirst().orElseThrow();
  }

  /** Waits until somebody with this connection name is subscribed to patterns. */
  String awaitSubscriber(String name) {
    return awaitClient(
        "named " + name + " and subscribed to patterns", client -> subscribes(client, name));
  }

  /** Tells whether a line of {@code CLIENT LIST} is a subscriber's of this connection name. */
  static boolean subscribes(String client, String name) {
    return client.contains(" name=" + name + " ") && !client.contains(" psub=0 ");
  }

  /** Returns the lines of {@code CLIENT LIST}. */
  List<String> clients() {
    return command("CLIENT", "LIST").lines().toList();
  }

  /** Returns the number after {@code name=} in a line of {@code CLIENT LIST}. */
  static long figure(String client, String name) {
    return Arrays.stream(client.split(" ", -1))
        .filter(word -> word.startsWith(name + "="))
        .mapToLong(word -> Long.parseLong(word.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Returns bytes of a channel or payload. */
  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
