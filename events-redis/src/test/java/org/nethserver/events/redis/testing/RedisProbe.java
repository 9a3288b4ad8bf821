package org.nethserver.events.redis.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest client of Redis that can be: sends commands as they are and reads replies, on one
 * connection, blocking. Shares no code with the transport that it helps to test.
 */
public final class RedisProbe implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /**
   * Connects.
   *
   * @param port a port on the loopback address
   */
  public RedisProbe(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends a command and returns its reply.
   *
   * @param words text or {@code byte[]} each
   * @return a {@link String} for a status, a {@link Long}, a {@code byte[]}, a {@link List}, or
   *     null
   * @throws ErrorReply if the server answers with an error
   */
  public Object send(Object... words) throws IOException {
    write(words);
    return read();
  }

  /** Sends a command and returns its reply as text. */
  public String text(Object... words) throws IOException {
    Object reply = send(words);
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }

  /** Sends a command and returns its reply as a number. */
  public long number(Object... words) throws IOException {
    return (Long) send(words);
  }

  /** Publishes and returns how many received it. */
  public long publish(Object channel, Object payload) throws IOException {
    return number("PUBLISH", channel, payload);
  }

  /** Sends commands without waiting for the replies of each, then reads them all. */
  public void pipeline(List<Object[]> commands) throws IOException {
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (Object[] words : commands) {
                      write(words);
                    }
                  } catch (IOException e) {
                    // The reader notices it too.
                  }
                });
    for (int i = 0; i < commands.size(); i++) {
      read();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Object... words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (Object word : words) {
      byte[] bytes =
          word instanceof byte[] raw ? raw : word.toString().getBytes(StandardCharsets.UTF_8);
      out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(bytes);
      out.writeBytes(new byte[] {'\r', '\n'});
    }
    out.writeTo(socket.getOutputStream());
  }

  private Object read() throws IOException {
    int type = in.read();
    String line = line();
    return switch (type) {
      case '+' -> line;
      case '-' -> throw new ErrorReply(line);
      case ':' -> Long.valueOf(line);
      case '$' -> bulk(Integer.parseInt(line));
      case '*' -> array(Integer.parseInt(line));
      default -> throw new IOException("no reply begins with " + type);
    };
  }

  private byte[] bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    in.skipNBytes(2);
    return bytes;
  }

  private List<Object> array(int length) throws IOException {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(read());
    }
    return items;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) != '\r') {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.write(next);
    }
    in.skipNBytes(1);
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The server said no. */
  public static final class ErrorReply extends IOException {
    private static final long serialVersionUID = 1;

    ErrorReply(String message) {
      super(message);
    }
  }
}
