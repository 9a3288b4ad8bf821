package org.nethserver.events.agent.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Redis server on a free port of the loopback interface, which keeps nothing. */
final class PrivateRedis implements AutoCloseable {
  private static final String PROGRAM = "redis-server";

  private final Process process;
  private final int port;

  private PrivateRedis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a server; it may take a moment until it accepts connections.
   *
   * @param directory its working directory
   * @throws IOException if there is no server to start; the message says what to install
   */
  static PrivateRedis start(Path directory) throws IOException {
    int port = freePort();
    Process process =
        new ProcessBuilder(
                List.of(
                    program().toString(),
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                    directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new PrivateRedis(process, port);
  }

  /** The one on PATH, else the one that the build lays beside the image for this very purpose. */
  private static Path program() throws IOException {
    Path beside = Path.of(System.getProperty("java.home")).resolveSibling("demo").resolve(PROGRAM);
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, PROGRAM)),
            Stream.of(beside))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no redis-server on PATH, nor at "
                        + beside
                        + ": install the package redis-server"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  URI address() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Ends the server; it has nothing to save. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
