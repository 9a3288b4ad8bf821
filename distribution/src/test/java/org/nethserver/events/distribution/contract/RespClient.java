package org.nethserver.events.distribution.contract;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection to Redis that knows its protocol and nothing else, replies rendered as text. */
final class RespClient implements AutoCloseable {
  private static final int REPLY_TIMEOUT_MS = 20_000;

  private final AutoCloseable connection;
  private final InputStream in;
  private final OutputStream out;

  /** Connects to a port of this machine. */
  RespClient(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(REPLY_TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    this.connection = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** Connects to a unix socket. */
  RespClient(SocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    this.connection = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  /** Sends a command of text and returns the reply; an error reply begins with {@code -}. */
  String command(String... words) throws IOException {
    byte[][] arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return command(arguments);
  }

  /** Sends a command of bytes and returns the reply. */
  String command(byte[]... words) throws IOException {
    send(words);
    out.flush();
    return reply();
  }

  /** Sends a command without waiting for its reply, nor for the network. */
  void send(byte[]... words) throws IOException {
    out.write(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (byte[] word : words) {
      out.write(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(word);
      out.write('\r');
      out.write('\n');
    }
  }

  /** Sends what still waits here. */
  void flush() throws IOException {
    out.flush();
  }

  /** Reads one reply: arrays as their elements, a line each. */
  String reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> line;
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "(nil)";
    }
    byte[] bytes = in.readNBytes(length);
    in.skipNBytes(2);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String array(int length) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : "\n").append(reply());
    }
    return text.toString();
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("Redis closed the connection");
      }
      line.write(b);
    }
    in.skipNBytes(1);
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (Exception e) {
      throw new AssertionError("a connection to Redis cannot be closed", e);
    }
  }
}
