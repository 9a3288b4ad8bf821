package org.nethserver.events.redis.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real redis-server of a test's own, on a free port of the loopback address, without persistence,
 * in a directory that goes with it. Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private final List<String> command;
  private Process process;

  private RedisServer(Path directory, int port, List<String> command) {
    this.directory = directory;
    this.port = port;
    this.command = List.copyOf(command);
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param options as on redis-server's command line, such as {@code --requirepass secret}
   */
  public static RedisServer start(String... options) {
    return started(stopped(options));
  }

  /**
   * The same by another program, which becomes the server.
   *
   * @param program its command line, which the server's directory and command line follow
   * @param options as above
   */
  static RedisServer startBy(List<String> program, String... options) {
    RedisServer server = stopped(options);
    List<String> command = new ArrayList<>(program);
    command.add(server.directory.toString());
    command.addAll(server.command);
    return started(new RedisServer(server.directory, server.port, command));
  }

  private static RedisServer started(RedisServer server) {
    try {
      server.start();
      return server;
    } catch (RuntimeException | AssertionError e) {
      server.close();
      throw e;
    }
  }

  /** Prepares a server that does not run yet. */
  public static RedisServer stopped(String... options) {
    try {
      Path directory = Files.createTempDirectory("redis-test");
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.add(RedisBinary.path().toString());
      command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
      command.addAll(List.of("--dir", directory.toString(), "--enable-debug-command", "yes"));
      if (!RedisBinary.version().isAtLeast(7)) {
        // Before Redis 7 DEBUG needs no permission, and the option is unknown.
        command.subList(command.size() - 2, command.size()).clear();
      }
      command.addAll(List.of(options));
      return new RedisServer(directory, port, command);
    } catch (IOException e) {
      throw new IllegalStateException("cannot prepare a redis-server", e);
    }
  }

  /**
   * Starts a sentinel that watches one primary.
   *
   * @param primary whom to watch
   * @param name what to call it
   */
  public static RedisServer startSentinel(RedisServer primary, String name) {
    RedisServer sentinel = stopped();
    try {
      Path file = sentinel.directory.resolve("sentinel.conf");
      Files.writeString(
          file,
          """
          port %d
          bind 127.0.0.1
          dir %s
          sentinel monitor %s 127.0.0.1 %d 1
          sentinel down-after-milliseconds %s 500
          sentinel failover-timeout %s 2000
          """
              .formatted(sentinel.port, sentinel.directory, name, primary.port, name, name));
      RedisServer configured =
          new RedisServer(
              sentinel.directory,
              sentinel.port,
              List.of(RedisBinary.path().toString(), file.toString(), "--sentinel"));
      configured.start();
      return configured;
    } catch (IOException e) {
      throw new IllegalStateException("cannot prepare a sentinel", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it, also again after {@link #kill}, on the same port. */
  public void start() {
    launch();
    awaitReady();
  }

  /** Starts it and does not wait for it. */
  public void launch() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + command, e);
    }
  }

  /** Waits until it answers. */
  public void awaitReady() {
    Eventually.await(
        "redis-server answers on port " + port + " or ends", START, () -> answers() || !isAlive());
    if (!isAlive()) {
      throw new IllegalStateException("redis-server ended at once: " + log());
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return "no log";
    }
  }

  /** Returns whether it answers now. */
  public boolean answers() {
    try (RedisProbe probe = probe()) {
      return probe.text("PING").equals("PONG");
    } catch (RedisProbe.ErrorReply e) {
      // It wants a password, and so it lives.
      return e.getMessage().startsWith("NOAUTH");
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether its process runs. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Ends it with SIGKILL and waits for its end. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it with SIGSTOP: its connections stay, and nobody answers. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on with SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot send SIG" + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a new connection, which the caller closes. */
  public RedisProbe probe() throws IOException {
    return new RedisProbe(port);
  }

  /** Sends one command on a connection of its own and returns the reply as text. */
  public String command(Object... words) {
    try (RedisProbe probe = probe()) {
      return probe.text(words);
    } catch (IOException e) {
      throw new IllegalStateException("failed: " + List.of(words), e);
    }
  }

  /** Publishes on a connection of its own and returns how many received it. */
  public long publish(Object channel, Object payload) {
    return Long.parseLong(command("PUBLISH", channel, payload));
  }

  /** Returns the connections that subscribe to patterns, as CLIENT LIST shows them. */
  public List<String> subscribers() {
    return command("CLIENT", "LIST", "TYPE", "pubsub").lines().toList();
  }

  /** Returns its port, also while it does not run. */
  public int port() {
    return port;
  }

  /** Returns {@code redis://127.0.0.1:PORT}. */
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  /** Returns the id of its process, once it was started. */
  long pid() {
    return process.pid();
  }

  /** Returns its directory: for sockets and files that the test gives it. */
  public Path directory() {
    return directory;
  }

  /** Returns its version. */
  public RedisBinary.Version version() {
    return RedisBinary.version();
  }

  /** Ends it and removes its directory. */
  @Override
  public void close() {
    Optional.ofNullable(process).ifPresent(_ -> kill());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot remove " + directory, e);
    }
  }
}
