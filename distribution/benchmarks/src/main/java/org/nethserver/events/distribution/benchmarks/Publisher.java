package org.nethserver.events.distribution.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Publishes many events by one write, and reads the answers after it. */
final class Publisher implements AutoCloseable {
  /** Over how many channels events are spread. */
  static final int CHANNELS = 64;

  private final Socket socket;
  private final InputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Publisher(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /** Publishes events with numbers from {@code first} on, round the channels. */
  void publish(String name, int first, int count) throws IOException {
    for (int number = first; number < first + count; number++) {
      command(
          "PUBLISH",
          "module/bench" + number % CHANNELS + "/event/" + name,
          "{\"n\":" + number + "}");
    }
    send();
    for (int i = 0; i < count; i++) {
      number();
    }
  }

  /** Publishes one event. */
  void publish(String channel, String payload) throws IOException {
    command("PUBLISH", channel, payload);
    send();
    number();
  }

  private void command(String... words) {
    append("*", words.length);
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      append("$", bytes.length);
      out.writeBytes(bytes);
      out.write('\r');
      out.write('\n');
    }
  }

  private void append(String type, int number) {
    out.writeBytes((type + number + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void send() throws IOException {
    out.writeTo(socket.getOutputStream());
    out.reset();
  }

  private long number() throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new IOException("redis-server closed the connection");
      }
      line.append((char) next);
    }
    if (line.charAt(0) != ':') {
      throw new IOException("redis-server says: " + line);
    }
    return Long.parseLong(line, 1, line.length() - 1, 10);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
