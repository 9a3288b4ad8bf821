package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A real redis-server of this test's own, on a free port of the loopback interface. */
final class Redis implements AutoCloseable {
  private final int port;
  private final List<String> options;
  private final Path directory;
  private Process process;
  private RespClient client;

  private Redis(int port, List<String> options) {
    this.port = port;
    this.options = options;
    try {
      this.directory = Files.createTempDirectory("contract-redis-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restart();
  }

  /** Starts a server with further options, such as {@code --requirepass}. */
  static Redis start(String... options) {
    return new Redis(freePort(), List.of(options));
  }

  /** Starts a server on a certain port. */
  static Redis startAt(int port, String... options) {
    return new Redis(port, List.of(options));
  }

  /** Returns a port that nobody listens on at the moment. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** Returns {@code HOST:PORT}. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Returns where the server keeps its files. */
  Path directory() {
    return directory;
  }

  /** Starts the server again after {@link #stop}; returns when it answers. */
  void restart() {
    List<String> command = new ArrayList<>(List.of("redis-server"));
    // A configuration file comes before all options.
    boolean configured = !options.isEmpty() && options.getFirst().endsWith(".conf");
    command.addAll(configured ? options.subList(0, 1) : List.of());
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", "" + directory));
    if (!configured) {
      command.addAll(List.of("--save", "", "--appendonly", "no"));
    }
    command.addAll(options.subList(configured ? 1 : 0, options.size()));
    Path log = directory.resolve("log");
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server must be installed for these tests", e);
    }
    Await.until("redis-server answers at " + address() + ", see " + log, this::answers);
  }

  private boolean answers() {
    try {
      RespClient candidate = new RespClient(port);
      String reply = candidate.command("PING");
      if (reply.equals("PONG") || reply.startsWith("-NOAUTH")) {
        client = candidate;
        return true;
      }
      candidate.close();
    } catch (IOException e) {
      // Not there yet.
    }
    return false;
  }

  /** Ends the server at once, as a power failure would. */
  void stop() {
    client.close();
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("redis-server does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Logs in as the user {@code default}. */
  void login(String password) {
    command("AUTH", password);
  }

  /** Runs a command and returns the reply as text. */
  synchronized String command(String... words) {
    try {
      return client.command(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes text and returns how many heard it. */
  int publish(String channel, String payload) {
    return publish(
        channel.getBytes(StandardCharsets.UTF_8), payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes bytes and returns how many heard them. */
  synchronized int publish(byte[] channel, byte[] payload) {
    try {
      return Integer.parseInt(
          client.command("PUBLISH".getBytes(StandardCharsets.US_ASCII), channel, payload));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes the numbers from 1 on as payloads, as fast as the server takes them. */
  synchronized void publishMany(String channel, int messages, IntPayload payload) {
    try {
      byte[] to = channel.getBytes(StandardCharsets.UTF_8);
      byte[] publish = "PUBLISH".getBytes(StandardCharsets.US_ASCII);
      int unanswered = 0;
      for (int i = 1; i <= messages; i++) {
        client.send(publish, to, payload.of(i));
        unanswered++;
        if (unanswered == 500 || i == messages) {
          client.flush();
          for (; unanswered > 0; unanswered--) {
            client.reply();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the n-th payload. */
  @FunctionalInterface
  interface IntPayload {
    /** Returns the bytes. */
    byte[] of(int number);
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
        "named " + name + " and subscribed to patterns",
        client -> client.contains(" name=" + name + " ") && !client.contains(" psub=0 "));
  }

  /** Returns the lines of {@code CLIENT LIST}. */
  List<String> clients() {
    return command("CLIENT", "LIST").lines().toList();
  }

  /** Returns the number after {@code name=} in a line of {@code CLIENT LIST}. */
  static long figure(String client, String name) {
    String[] words = client.split(" ", -1);
    return IntStream.range(0, words.length)
        .mapToObj(i -> words[i])
        .filter(word -> word.startsWith(name + "="))
        .mapToLong(word -> Long.parseLong(word.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** How long the server may take to be found again after its return, as the contract says. */
  static Duration foundAgain() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
    Shell.run("rm -rf '" + directory + "'");
  }
}
