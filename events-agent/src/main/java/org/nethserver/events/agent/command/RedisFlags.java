package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.Transports;
import org.nethserver.events.agent.run.Counters;
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

  @Option(
      names = "--pluginsdir",
      paramLabel = "DIR",
      description =
          "A directory of plugins, asked for a transport where the address is none of the above;"
              + " repeatable. Default: as the agent's.")
  @Nullable List<String> pluginsDirectories;

  /** Opens the primary, which publishers talk to; tells what is wrong with plugins. */
  Transport openPrimary(Variables environment, PrintWriter err) {
    return open(environment, environment.value(AgentOptions.ADDRESS).orElse(""), err);
  }

  /** Opens what agents listen to: the local replica, where there is one. */
  Transport openReplica(Variables environment, PrintWriter err) {
    String replica = environment.value(AgentOptions.REPLICA_ADDRESS).orElse("");
    return replica.isEmpty() ? openPrimary(environment, err) : open(environment, replica, err);
  }

  private Transport open(Variables environment, String address, PrintWriter err) {
    try {
      URI uri =
          redis != null
              ? AgentOptions.redisUri(redis)
              : AgentOptions.redisAddress(address.isEmpty() ? "127.0.0.1:6379" : address);
      return Transports.open(
          new TransportSettings(uri, "events-" + ProcessHandle.current().pid(), login(environment)),
          () -> plugins(environment, new Complaints(err)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Loads plugins as an agent would, for their transports alone. */
  private AgentSteps plugins(Variables environment, Complaints complaints) {
    AgentOptions options = new AgentOptions();
    AgentFlag.AGENTID.apply(options, "cluster");
    AgentFlag.EVENTSDIR.apply(options, "");
    if (pluginsDirectories != null) {
      pluginsDirectories.forEach(given -> AgentFlag.PLUGINSDIR.apply(options, given));
    }
    AgentSteps plugins =
        new AgentSteps(
            new AgentPlan(
                options.agent(environment),
                options.places(environment),
                options.limits(environment),
                Path.of("").toAbsolutePath(),
                environment),
            new Counters(),
            complaints);
    plugins.report().problems().forEach(complaints::problem);
    return plugins;
  }

  private static Optional<Credentials> login(Variables environment) {
    return environment
        .value("REDIS_PASSWORD")
        .map(
            password ->
                new Credentials(environment.value("REDIS_USER").orElse("default"), password));
  }
}
