package org.nethserver.events.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.util.Optional;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

/** An address in Lettuce's terms. */
final class Target {
  private Target() {}

  static RedisURI of(RedisAddress address, TransportSettings settings, Timing timing) {
    RedisURI target =
        address
            .endpoint()
            .target(one -> secured(one, address))
            // The limit from the first packet to the end of the greeting.
            .withTimeout(timing.connect().multipliedBy(2))
            .withClientName(clientName(settings.clientName()))
            // Two commands less on the way to the subscription.
            .withLibraryName("")
            .withLibraryVersion("")
            .build();
    login(address, settings)
        .ifPresent(
            login ->
                target.setCredentialsProvider(
                    new StaticCredentialsProvider(
                        login.user().isEmpty() ? null : login.user(),
                        login.password().toCharArray())));
    return target;
  }

  private static Optional<Credentials> login(RedisAddress address, TransportSettings settings) {
    return address.login().or(settings::credentials);
  }

  private static RedisURI.Builder secured(RedisURI.Builder builder, RedisAddress address) {
    address.tls().ifPresent(tls -> builder.withSsl(true).withVerifyPeer(tls.verify()));
    return builder;
  }

  /**
   * Redis takes printable ASCII without spaces, and refuses the whole greeting for anything else.
   */
  private static String clientName(String name) {
    return name.replaceAll("[^!-~]", "_");
  }
}
