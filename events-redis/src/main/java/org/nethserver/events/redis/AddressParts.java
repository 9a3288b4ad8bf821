package org.nethserver.events.redis;

import io.lettuce.core.SslVerifyMode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

/** The pieces of an address. No message here shows a user or a password. */
final class AddressParts {
  private AddressParts() {}

  /** Reads {@code user:password} or {@code password}, both percent-encoded. */
  static Optional<Credentials> login(String raw) {
    int colon = raw.indexOf(':');
    String user = colon < 0 ? "" : decoded(raw.substring(0, colon));
    String password = decoded(raw.substring(colon + 1));
    return password.isEmpty() && user.isEmpty()
        ? Optional.empty()
        : Optional.of(new Credentials(user, password));
  }

  /** Reads {@code host[:port][,host[:port]]…}. */
  static List<Endpoint.Tcp> hosts(String raw, int defaultPort) {
    List<Endpoint.Tcp> hosts = new ArrayList<>();
    for (String part : raw.split(",", -1)) {
      hosts.add(host(part, defaultPort));
    }
    return hosts;
  }

  private static Endpoint.Tcp host(String part, int defaultPort) {
    // The colons of an IPv6 address stand within brackets.
    int colon = part.indexOf(':', Math.max(0, part.indexOf(']')));
    String host = colon < 0 ? part : part.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the address has no host");
    }
    int port = colon < 0 ? defaultPort : port(part.substring(colon + 1));
    return new Endpoint.Tcp(host, port);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through: not a number is as wrong as a number out of range.
    }
    throw new IllegalArgumentException("the port \"" + text + "\" is not within 1 to 65535");
  }

  static Query query(URI uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String part : raw.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(part.substring(0, equals), decoded(part.substring(equals + 1)));
      } else if (!part.isEmpty()) {
        throw new IllegalArgumentException("the parameter \"" + part + "\" has no value");
      }
    }
    // Pub/sub knows no databases, but addresses are shared with programs that do.
    parameters.keySet().removeAll(List.of("db", "database"));
    return new Query(parameters);
  }

  private static String decoded(String raw) {
    // In an address, unlike in a form, a plus is a plus.
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The parameters that nobody has taken yet; those left over are misspelt. */
  static final class Query {
    private final Map<String, String> parameters;

    private Query(Map<String, String> parameters) {
      this.parameters = parameters;
    }

    Optional<String> take(String name) {
      return Optional.ofNullable(parameters.remove(name));
    }

    RedisAddress.Tls takeTls() {
      String verify = take("verifyPeer").orElse("FULL").toUpperCase(Locale.ROOT);
      return new RedisAddress.Tls(
          switch (verify) {
            case "FULL", "TRUE" -> SslVerifyMode.FULL;
            case "CA" -> SslVerifyMode.CA;
            case "NONE", "FALSE" -> SslVerifyMode.NONE;
            default ->
                throw new IllegalArgumentException(
                    "verifyPeer is \"" + verify + "\"; it must be FULL, CA or NONE");
          },
          take("ca-file").map(Path::of));
    }

    void requireNothingLeft() {
      if (!parameters.isEmpty()) {
        throw new IllegalArgumentException(
            "the address has unknown parameters "
                + parameters.keySet()
                + "; known are ca-file and verifyPeer (with TLS), sentinelMasterId (with sentinels)"
                + " and db");
      }
    }
  }
}
