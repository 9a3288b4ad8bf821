package org.nethserver.events.redis;

import io.lettuce.core.RedisURI;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Where a server, or those who know where it is, can be reached. Methods instead of pattern
 * switches here: the JVM links a switch anew at each start, for some 20 ms.
 */
sealed interface Endpoint {
  /** Returns it as it stands in an address. */
  String shown();

  /**
   * Returns it in Lettuce's terms.
   *
   * @param secured adds TLS where the address wants it, to sentinels too
   */
  RedisURI.Builder target(UnaryOperator<RedisURI.Builder> secured);

  /** Returns where to connect to if Lettuce cannot know. */
  default Optional<SocketAddress> socket() {
    return Optional.empty();
  }

  /**
   * A host and a port.
   *
   * @param host a name or a literal address, IPv6 without brackets
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements Endpoint {
    @Override
    public String shown() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public RedisURI.Builder target(UnaryOperator<RedisURI.Builder> secured) {
      return secured.apply(RedisURI.builder().withHost(host).withPort(port));
    }
  }

  /**
   * A unix domain socket.
   *
   * @param path its absolute path
   */
  record Unix(Path path) implements Endpoint {
    @Override
    public String shown() {
      return path.toString();
    }

    /** Names some host, since Lettuce wants one; {@link #socket} is used instead. */
    @Override
    public RedisURI.Builder target(UnaryOperator<RedisURI.Builder> secured) {
      return RedisURI.builder().withHost("localhost");
    }

    @Override
    public Optional<SocketAddress> socket() {
      return Optional.of(UnixDomainSocketAddress.of(path));
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

    @Override
    public String shown() {
      return sentinels.stream().map(Tcp::shown).collect(Collectors.joining(",")) + "#" + name;
    }

    @Override
    public RedisURI.Builder target(UnaryOperator<RedisURI.Builder> secured) {
      RedisURI.Builder primary = RedisURI.builder().withSentinelMasterId(name);
      for (Tcp sentinel : sentinels) {
        primary.withSentinel(sentinel.target(secured).build());
      }
      return secured.apply(primary);
    }
  }
}
