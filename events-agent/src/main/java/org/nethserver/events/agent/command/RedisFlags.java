package org.nethserver.events.agent.command;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.host.Transports;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.api.spi.TransportSettings.Credentials;
import picocli.CommandLine.Option;

/** The flag and the variables that say which Redis a command talks to. */
final class RedisFlags {
  @Option(
      names = "--redis",
      paramLabel = "URI",
      description =
          "redis://HOST:PORT, rediss://…, redis-socket:///PATH, redis-sentinel://…, or @FILE that"
              + " holds one. Default: $REDIS_ADDRESS, else 127.0.0.1:6379, with $REDIS_USER and"
              + " $REDIS_PASSWORD.")
  @Nullable String redis;

  /** Opens the primary, which publishers talk to. */
  Transport openPrimary(Variables environment) {
    return open(environment, environment.value(AgentOptions.ADDRESS).orElse(""));
  }

  /** Opens what agents listen to: the local replica, where there is one. */
  Transport openReplica(Variables environment) {
    String replica = environment.value(AgentOptions.REPLICA_ADDRESS).orElse("");
    return replica.isEmpty() ? openPrimary(environment) : open(environment, replica);
  }

  private Transport open(Variables environment, String address) {
    try {
      URI uri =
          redis != null
              ? AgentOptions.redisUri(redis)
              : AgentOptions.redisAddress(address.isEmpty() ? "127.0.0.1:6379" : address);
      return Transports.open(
          new TransportSettings(
              uri, "events-" + ProcessHandle.current().pid(), login(environment)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Credentials> login(Variables environment) {
    return environment
        .value("REDIS_PASSWORD")
        .map(
            password ->
                new Credentials(environment.value("REDIS_USER").orElse("default"), password));
  }
}
