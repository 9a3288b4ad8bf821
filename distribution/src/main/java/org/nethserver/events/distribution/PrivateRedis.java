package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A real Redis server for the time of a training. */
final class PrivateRedis implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Process process;
  private final int port;

  private PrivateRedis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Lays the server of Maven Central beside the image, for the training and the demo on a machine
   * that has none.
   *
   * @return the server to use: the one on PATH, if there is one
   */
  static Path provide(Path target) throws IOException {
    Path laid = target.resolve("demo/redis-server");
    if (!Files.exists(laid)) {
      String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      String name = machine.equals("amd64") ? "6.2.6-v5-linux-amd64" : "6.2.7-linux-arm64";
      Files.createDirectories(laid.getParent());
      try (InputStream server = PrivateRedis.class.getResourceAsStream("/redis-server-" + name)) {
        if (server == null) {
          throw new IOException("embedded-redis has no redis-server-" + name);
        }
        Files.copy(server, laid);
      }
      Files.setPosixFilePermissions(laid, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(laid);
  }

  /** Starts a server that keeps nothing, and waits until it answers. */
  static PrivateRedis start(Path program, Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve("redis.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
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
            .redirectOutput(log.toFile())
            .start();
    PrivateRedis redis = new PrivateRedis(process, port);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!redis.answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        redis.close();
        throw new IOException(program + " did not start; it said:\n" + Files.readString(log));
      }
      Thread.sleep(10);
    }
    return redis;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  private boolean answers() {
    try {
      return call("PING").startsWith("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** How many received a message. */
  int publish(String channel, String payload) throws IOException {
    return Integer.parseInt(call("PUBLISH", channel, payload).substring(1).strip());
  }

  private String call(String... words) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        command.append("$").append(word.getBytes(StandardCharsets.UTF_8).length);
        command.append("\r\n").append(word).append("\r\n");
      }
      OutputStream out = socket.getOutputStream();
      out.write(command.toString().getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[256];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(length, 0), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
