package org.nethserver.events.api.spi;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where events come from or go to. Its {@link #toString} masks the secrets.
 *
 * @param address the address, whose scheme chooses the provider; it may hold a user and a password
 * @param clientName the name to show there, such as the agent's id
 * @param credentials what to log in with where the address itself says nothing
 */
public record TransportSettings(URI address, String clientName, Optional<Credentials> credentials) {
  /** Refuses null. */
  public TransportSettings {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(clientName, "clientName");
    Objects.requireNonNull(credentials, "credentials");
  }

  /** Returns the address without its user part. */
  public String maskedAddress() {
    // Not getRawUserInfo: it is null for a list of hosts, an empty host, or one with an underscore,
    // where the user part is there all the same.
    String authority = address.getRawAuthority();
    String text = address.toString();
    int at = authority == null ? -1 : authority.lastIndexOf('@');
    return at < 0 ? text : text.replace(authority.substring(0, at + 1), "***@");
  }

  @Override
  public String toString() {
    return "TransportSettings[" + maskedAddress() + ", " + clientName + "]";
  }

  /**
   * A user and a password.
   *
   * @param user the user
   * @param password the password, never logged
   */
  public record Credentials(String user, String password) {
    /** Refuses null. */
    public Credentials {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    @Override
    public String toString() {
      return "Credentials[" + user + ", ***]";
    }
  }
}
