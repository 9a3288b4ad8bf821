package org.nethserver.events.agent.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

/**
 * What the command line says of an agent, filled in by {@link AgentFlag}s, and what the environment
 * says where it is silent.
 */
public final class AgentOptions {
  /** The variable with the local replica's address, which wins. */
  public static final String REPLICA_ADDRESS = "REDIS_REPLICA_ADDRESS";

  /** The variable with the primary's address. */
  public static final String ADDRESS = "REDIS_ADDRESS";

  private static final String DEFAULT_ADDRESS = "127.0.0.1:6379";

  /** How many steps all hosted agents together run at once. */
  private static final int HOST_PLACES = 64;

  /** The runtime image that this runs on. */
  private static final Path INSTALLATION = Path.of(System.getProperty("java.home"));

  String id = "";

  /** The directories of the command line in its order. */
  final List<StepPlace> places = new ArrayList<>();

  final List<String> actionsDirectories = new ArrayList<>();
  Optional<URI> redis = Optional.empty();
  Limits.Ordering ordering = Limits.DEFAULT.ordering();
  Trust trust = Trust.OWNER;
  Duration stepTimeout = Limits.DEFAULT.stepTimeout();
  Duration stopGrace = Duration.ofMillis(800);
  Optional<Integer> maxConcurrency = Optional.empty();
  Optional<Integer> queueEvents = Optional.empty();
  Optional<Long> queueBytes = Optional.empty();
  Optional<Path> config = Optional.empty();
  Optional<Path> discover = Optional.empty();
  Optional<Path> stateDirectory = Optional.empty();
  Optional<MetricsPlace> metrics = Optional.empty();
  boolean journal;
  Optional<Boolean> history = Optional.empty();
  String journalKey = "cluster/events";
  Duration catchUp = Duration.ofHours(24);

  /** Whether {@code --eventsdir} was given, if only with an empty value. */
  boolean eventsDirectoryGiven;

  /** The same of {@code --pluginsdir}. */
  boolean pluginsDirectoryGiven;

  /** Returns the agent's id, or an empty text if none was given. */
  public String id() {
    return id;
  }

  /**
   * Returns the file or directory that says which agents to host, in place of one.
   *
   * @throws IllegalArgumentException if the flags of one agent were given too
   */
  public Optional<Path> config() {
    checkNoFlagsOfOneAgent(config.isPresent(), "--config");
    return config;
  }

  /**
   * Returns the root of the node on which agents are found, in place of one.
   *
   * @throws IllegalArgumentException if the flags of one agent were given too
   */
  public Optional<Path> discover() {
    checkNoFlagsOfOneAgent(discover.isPresent(), "--discover");
    return discover;
  }

  /** Tells whether many agents are hosted. */
  public boolean hostsMany() {
    return config.isPresent() || discover.isPresent();
  }

  /**
   * Returns where this process keeps what it has to remember of agents: {@code --state-directory},
   * else the one that systemd made.
   *
   * @param environment the process's variables
   */
  public Optional<Path> stateDirectory(Variables environment) {
    return stateDirectory.or(
        () ->
            environment
                .value("STATE_DIRECTORY")
                .filter(given -> !given.isEmpty())
                .map(given -> Path.of(given.replaceAll(":.*", "")).toAbsolutePath()));
  }

  /** Returns where figures are given, if they are. */
  public Optional<MetricsPlace> metrics() {
    return metrics;
  }

  /** Tells whether agents make good from a journal what they missed. */
  public boolean journal() {
    return journal;
  }

  /** Tells whether the history of runs is kept; empty if nothing is said. */
  public Optional<Boolean> history() {
    return history;
  }

  /** Returns the name of the journal. */
  public String journalKey() {
    return journalKey;
  }

  /** Returns how old events may be that were missed, to be run. */
  public Duration catchUp() {
    return catchUp;
  }

  private void checkNoFlagsOfOneAgent(boolean many, String instead) {
    if (many && (!id.isEmpty() || eventsDirectoryGiven || pluginsDirectoryGiven)) {
      String flag =
          !id.isEmpty() ? "--agentid" : eventsDirectoryGiven ? "--eventsdir" : "--pluginsdir";
      throw new IllegalArgumentException(
          flag
              + " and "
              + instead
              + " cannot be given together: what "
              + instead
              + " names says it; leave one");
    }
  }

  /** Returns which files may be run. */
  public Trust trust() {
    return trust;
  }

  /** Returns the bounds of hosted agents that say nothing of their own. */
  public Limits hostedLimits() {
    Limits all = Limits.DEFAULT;
    return new Limits(all.maxConcurrency(), all.queue(), ordering, stepTimeout);
  }

  /** Returns how many steps all hosted agents together run at once. */
  public int hostPlaces() {
    return maxConcurrency.orElse(HOST_PLACES);
  }

  /** Returns how much may wait for all agents together. */
  public Limits.Queue queue() {
    Limits.Queue otherwise = Limits.DEFAULT.queue();
    return new Limits.Queue(
        queueEvents.orElse(otherwise.events()), queueBytes.orElse(otherwise.bytes()));
  }

  /** Tells whether {@code --actionsdir} was given, which an agent for events does not use. */
  public boolean namesActions() {
    return !actionsDirectories.isEmpty();
  }

  /** Returns how long running steps may take to end when the agent is told to stop. */
  public Duration stopGrace() {
    return stopGrace;
  }

  /**
   * Returns the agent's settings.
   *
   * @param environment the process's variables
   * @throws IllegalArgumentException if something is missing; the message says what to do
   */
  public AgentSettings agent(Variables environment) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "no agent id: say which agent this is with --agentid=ID, such as"
              + " --agentid=module/traefik1");
    }
    return new AgentSettings(id, StepPlace.eventsDirectories(places(environment)), trust);
  }

  /**
   * Returns where the agent's steps are: what the command line says, in its order. Where it is
   * silent, the plugins of the installation and those of the module come first.
   *
   * @param environment the process's variables
   * @throws IllegalArgumentException if there would be none; the message says what to do
   */
  public List<StepPlace> places(Variables environment) {
    Optional<Path> module =
        environment
            .value("AGENT_INSTALL_DIR")
            .filter(directory -> !directory.isEmpty())
            .map(directory -> Path.of(directory).toAbsolutePath());
    List<StepPlace> all = new ArrayList<>();
    if (!pluginsDirectoryGiven) {
      all.add(new StepPlace.Plugins(installedPlugins()));
      module.ifPresent(path -> all.add(new StepPlace.Plugins(path.resolve("plugins"))));
    }
    all.addAll(places);
    if (!eventsDirectoryGiven) {
      module.ifPresent(path -> all.add(new StepPlace.Events(path.resolve("events"))));
      if (module.isEmpty() && places.isEmpty()) {
        throw new IllegalArgumentException(
            "no events directory: give --eventsdir=DIR or set AGENT_INSTALL_DIR");
      }
    }
    return List.copyOf(all);
  }

  /** Returns the directory of this installation's own plugins, which need not be there. */
  public static Path installedPlugins() {
    return INSTALLATION.resolve("plugins");
  }

  /** Returns the agent's bounds. */
  public Limits limits(Variables environment) {
    int places =
        maxConcurrency
            .or(() -> environment.value("MAX_CONCURRENCY").flatMap(AgentOptions::positive))
            .orElse(Limits.DEFAULT.maxConcurrency());
    return new Limits(places, queue(), ordering, stepTimeout);
  }

  /** As in the original agent, what is no positive number counts as not set. */
  private static Optional<Integer> positive(String text) {
    try {
      return Optional.of(Integer.parseInt(text)).filter(number -> number > 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns where events come from: {@code --redis}, else the environment's replica, else its
   * primary, else the local server; logging in as NS8's agents do unless the address says more.
   */
  public TransportSettings transport(Variables environment) {
    return transport(environment, id, id);
  }

  /**
   * Returns the same for a process that shows another name and password than one agent's.
   *
   * @param name the name to show
   * @param password what to log in with where the address says nothing
   */
  public TransportSettings transport(Variables environment, String name, String password) {
    URI address =
        redis.orElseGet(
            () ->
                redisAddress(
                    environment
                        .value(REPLICA_ADDRESS)
                        .filter(text -> !text.isEmpty())
                        .or(() -> environment.value(ADDRESS).filter(text -> !text.isEmpty()))
                        .orElse(DEFAULT_ADDRESS)));
    return new TransportSettings(address, name, Optional.of(new Credentials("default", password)));
  }

  /**
   * Makes an address of the {@code HOST:PORT} that NS8 keeps in {@code REDIS_ADDRESS}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static URI redisAddress(String hostAndPort) {
    try {
      URI address = new URI("redis://" + hostAndPort);
      if (address.getHost() != null && address.getRawUserInfo() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below, in words about the variable.
    }
    if (hostAndPort.contains("@")) {
      throw new IllegalArgumentException(
          "the Redis address is not of the form HOST:PORT: a user and a password belong into"
              + " --redis");
    }
    throw new IllegalArgumentException(
        "the Redis address \"" + hostAndPort + "\" is not of the form HOST:PORT");
  }

  /**
   * Reads the value of {@code --redis}: an address, or {@code @FILE} that holds it, so that a
   * password need not stand on a command line.
   *
   * @throws IllegalArgumentException if there is none; the message quotes no password
   */
  public static URI redisUri(String value) {
    String text = value;
    if (value.startsWith("@")) {
      try {
        text = Files.readString(Path.of(value.substring(1))).strip();
      } catch (IOException e) {
        throw new IllegalArgumentException("the file cannot be read: " + e.getMessage(), e);
      }
    }
    try {
      URI address = new URI(text);
      // HOST:PORT alone would be a scheme and something opaque, in which no password is found.
      if (address.getScheme() != null && !address.isOpaque()) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Its message would quote the password.
    }
    throw new IllegalArgumentException(
        "an address looks like redis://HOST:PORT, rediss://USER:PASSWORD@HOST:PORT,"
            + " redis-socket:///PATH or @FILE that holds one (special characters in a password are"
            + " written as %XX)");
  }
}
