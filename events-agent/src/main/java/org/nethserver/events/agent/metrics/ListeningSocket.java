package org.nethserver.events.agent.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.nethserver.events.agent.config.MetricsPlace;

/** Makes the sockets that requests come to. */
final class ListeningSocket {
  private static final int BACKLOG = 16;
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private ListeningSocket() {}

  /**
   * Listens at an address.
   *
   * @throws IOException if that cannot be; the message says why, and what to do
   */
  static ServerSocketChannel open(MetricsPlace.Tcp place) throws IOException {
    InetAddress address;
    try {
      address = InetAddress.getByName(place.host());
    } catch (UnknownHostException e) {
      throw new IOException("no address is known of \"" + place.host() + "\"", e);
    }
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      return socket.bind(new InetSocketAddress(address, place.port()), BACKLOG);
    } catch (IOException e) {
      socket.close();
      throw new IOException(e.getMessage() + "; take another port, or end what has it", e);
    }
  }

  /**
   * Listens at a unix socket, for this process's user and group. One that an ended process left is
   * replaced, nothing else is.
   *
   * @throws IOException if that cannot be; the message says why, and what to do
   */
  static ServerSocketChannel open(Path path) throws IOException {
    clear(path);
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      // A group may be that of the directory, where it has the bit for it.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Returns where it listens, for people. */
  static String place(ServerSocketChannel socket) {
    SocketAddress address = address(socket);
    return switch (address) {
      case InetSocketAddress internet -> {
        String host = internet.getAddress().getHostAddress();
        yield "http://"
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + internet.getPort()
            + "/metrics";
      }
      default -> "unix:" + address;
    };
  }

  /** Ends it, and takes a unix socket away. */
  static void close(ServerSocketChannel socket) {
    SocketAddress address = address(socket);
    try {
      socket.close();
      if (address instanceof UnixDomainSocketAddress unix) {
        Files.deleteIfExists(unix.getPath());
      }
    } catch (IOException e) {
      // The next process replaces it.
    }
  }

  private static SocketAddress address(ServerSocketChannel socket) {
    try {
      return Objects.requireNonNull(socket.getLocalAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clear(Path path) throws IOException {
    int mode;
    try {
      Object status = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      mode = status instanceof Integer number ? number : 0;
    } catch (NoSuchFileException e) {
      return;
    }
    if ((mode & TYPE) != SOCKET) {
      throw new IOException("something is there that is no socket; take it away");
    }
    if (answers(path)) {
      throw new IOException("another process listens there; take another path, or end it");
    }
    Files.deleteIfExists(path);
  }

  private static boolean answers(Path path) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
