package org.nethserver.events.redis;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Where a server, or those who know where it is, can be reached. */
sealed interface Endpoint {
  /**
   * A host and a port.
   *
   * @param host a name or a literal address, IPv6 without brackets
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements Endpoint {
    /** Returns {@code host:port}. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * A unix domain socket.
   *
   * @param path its absolute path
   */
  record Unix(Path path) implements Endpoint {
    UnixDomainSocketAddress socketAddress() {
      return UnixDomainSocketAddress.of(path);
    }
  }

  /**
   * The primary that these sentinels name.
   *
   * @param sentinels asked in this order until one answers
   * @param name what the sentinels call the primary
   */
  record Sentinels(List<Tcp> sentinels, String name) implements Endpoint {
    /** Copies the list. */
    public Sentinels {
      sentinels = List.copyOf(sentinels);
    }
  }
}
