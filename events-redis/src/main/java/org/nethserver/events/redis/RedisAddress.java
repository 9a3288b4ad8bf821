package org.nethserver.events.redis;

import io.lettuce.core.SslVerifyMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

/**
 * An address of Redis, taken apart. Understood are
 *
 * <ul>
 *   <li>{@code redis://[user:password@]host[:6379]}, and {@code rediss://…} with TLS;
 *   <li>{@code redis-socket://[user:password@]/path}; {@code redis+socket}, {@code redis+unix} and
 *       {@code unix} mean the same;
 *   <li>{@code redis-sentinel://[user:password@]host[:26379][,host[:26379]]…#primary}, and {@code
 *       rediss-sentinel://…} with TLS to sentinels and servers; {@code ?sentinelMasterId=primary}
 *       in place of the fragment. User and password are for the server; the sentinels are asked
 *       without.
 * </ul>
 *
 * <p>A user part without colon is a password, as redis-cli has it. With TLS, {@code ?ca-file=/path}
 * names a PEM file with the certificates to trust instead of the system's, and {@code
 * ?verifyPeer=FULL}, {@code CA} (any host name) or {@code NONE} says what to check. A database
 * ({@code /0}, {@code ?db=0}) may be given, but pub/sub knows no databases.
 *
 * @param scheme the scheme as given
 * @param endpoint where to connect
 * @param login user and password of the address; the user is empty where it has a password alone
 * @param tls how to speak TLS; empty for plain text
 */
record RedisAddress(
    String scheme, Endpoint endpoint, Optional<Credentials> login, Optional<Tls> tls) {
  private static final Set<String> UNIX_SCHEMES =
      Set.of("redis-socket", "redis+socket", "redis+unix", "unix");
  private static final Set<String> SENTINEL_SCHEMES = Set.of("redis-sentinel", "rediss-sentinel");
  static final Set<String> SCHEMES =
      Set.of(
          "redis",
          "rediss",
          "redis-socket",
          "redis+socket",
          "redis+unix",
          "unix",
          "redis-sentinel",
          "rediss-sentinel");

  private static final int SERVER_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  /**
   * How to speak TLS.
   *
   * @param verify what to check of the server's certificate
   * @param authorities a PEM file of trusted certificates; empty for the system's
   */
  record Tls(SslVerifyMode verify, Optional<Path> authorities) {}

  /**
   * Takes an address apart.
   *
   * @throws IllegalArgumentException if it cannot work; the message shows no user and no password
   */
  static RedisAddress parse(URI uri) {
    String scheme = String.valueOf(uri.getScheme());
    if (!SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "the scheme \"" + scheme + "\" is none of " + new TreeSet<>(SCHEMES));
    }
    // Not getHost and getUserInfo: java.net.URI gives neither for a list of hosts, for an empty
    // host, nor for a host with an underscore.
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    String hosts = authority.substring(at + 1);
    Optional<Credentials> login =
        at < 0 ? Optional.empty() : AddressParts.login(authority.substring(0, at));
    AddressParts.Query query = AddressParts.query(uri);
    Endpoint endpoint;
    if (UNIX_SCHEMES.contains(scheme)) {
      endpoint = unix(uri, hosts);
    } else if (SENTINEL_SCHEMES.contains(scheme)) {
      endpoint = sentinels(uri, hosts, query);
    } else {
      endpoint = server(hosts);
    }
    Optional<Tls> tls =
        scheme.startsWith("rediss") ? Optional.of(query.takeTls()) : Optional.empty();
    query.requireNothingLeft();
    return new RedisAddress(scheme, endpoint, login, tls);
  }

  private static Endpoint server(String hosts) {
    List<Endpoint.Tcp> servers = AddressParts.hosts(hosts, SERVER_PORT);
    if (servers.size() > 1) {
      throw new IllegalArgumentException(
          "the address has several hosts; give one, or sentinels as redis-sentinel://");
    }
    return servers.getFirst();
  }

  private static Endpoint unix(URI uri, String hosts) {
    String path = uri.getPath();
    if (!hosts.isEmpty() || path == null || path.length() < 2) {
      throw new IllegalArgumentException(
          "the address has no absolute path of a socket; write redis-socket:///path/to/socket");
    }
    return new Endpoint.Unix(Path.of(path));
  }

  private static Endpoint sentinels(URI uri, String hosts, AddressParts.Query query) {
    Optional<String> name =
        query.take("sentinelMasterId").or(() -> Optional.ofNullable(uri.getFragment()));
    if (name.isEmpty() || name.get().isEmpty()) {
      throw new IllegalArgumentException(
          "the address does not say what the sentinels call the primary; append #mymaster");
    }
    return new Endpoint.Sentinels(AddressParts.hosts(hosts, SENTINEL_PORT), name.get());
  }

  /** Returns the user that the server will see, for messages: never the password. */
  String user(Optional<Credentials> fallback) {
    return login
        .or(() -> fallback)
        .map(Credentials::user)
        .filter(u -> !u.isEmpty())
        .orElse("default");
  }

  /** Returns the address for people: without user, password and parameters. */
  @Override
  public String toString() {
    return scheme + "://" + endpoint.shown();
  }
}
