package org.nethserver.events.agent.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.spi.AgentSettings.Trust;

/**
 * The flags of an agent: one table for the quick reading at the daemon's start, for the command
 * line's help, and for its errors.
 */
public enum AgentFlag {
  /** The agent's id. */
  AGENTID("ID", "The agent's id, also its name in Redis, such as module/traefik1.") {
    @Override
    void set(AgentOptions options, String value) {
      options.id = value;
    }
  },
  /** Which agents to host, in place of one. */
  CONFIG(
      "FILE|DIR",
      "Hosts the agents that this JSON file names, or all *.json of the directory, in place of one"
          + " agent; read again on SIGHUP. Then --max-concurrency, --queue-events and --queue-bytes"
          + " are for all of them together, --trust, --ordering and --step-timeout for those that"
          + " say nothing else.") {
    @Override
    void set(AgentOptions options, String value) {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("a path is wanted");
      }
      options.config = Optional.of(Path.of(value).toAbsolutePath());
    }
  },
  /** The node whose agents to host. */
  DISCOVER(
      "ROOT",
      "Hosts the agents of this NethServer 8 node, as modules come and go: /home/*/.config and"
          + " /var/lib/nethserver/* with a state/agent.env, each as its own user. With =ROOT, those"
          + " below another directory. Beside --config, which wins. Needs root.") {
    @Override
    void set(AgentOptions options, String value) {
      options.discover = Optional.of(Path.of(value.isEmpty() ? "/" : value).toAbsolutePath());
    }
  },
  /** Where the host of many agents keeps what it remembers. */
  STATE_DIRECTORY(
      "DIR",
      "Where private directories are made, one an agent, for the history of its runs and what"
          + " --journal remembers. Default: $STATE_DIRECTORY.") {
    @Override
    void set(AgentOptions options, String value) {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("a path is wanted");
      }
      options.stateDirectory = Optional.of(Path.of(value).toAbsolutePath());
    }
  },
  /** Whether agents make good from a journal what they missed. */
  JOURNAL(
      "true|false",
      "After each start and reconnect, runs what was missed meanwhile, from the journal that events"
          + " recorder keeps; see docs/journal.md. Needs --state-directory.") {
    @Override
    void set(AgentOptions options, String value) {
      options.journal = truth(value);
    }
  },
  /** The name of the journal. */
  JOURNAL_KEY("KEY", "The journal's name in Redis. Default: cluster/events.") {
    @Override
    void set(AgentOptions options, String value) {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("a name is wanted");
      }
      options.journalKey = value;
    }
  },
  /** How old events may be that were missed. */
  CATCH_UP(
      "DURATION",
      "How old events may be that were missed, to be run; older ones are told of. Default: 24h.") {
    @Override
    void set(AgentOptions options, String value) {
      options.catchUp = Amounts.duration(value);
    }
  },
  /** Where figures for Prometheus are given. */
  METRICS(
      "PLACE",
      "Gives figures to Prometheus at HOST:PORT, such as 127.0.0.1:9464, or at unix:/PATH, by HTTP:"
          + " /metrics, /healthz, /readyz, without any authentication; or writes them each 15 s"
          + " into a directory that node_exporter reads: textfile:/DIR. See docs/metrics.md.") {
    @Override
    void set(AgentOptions options, String value) {
      options.metrics = Optional.of(MetricsPlace.parse(value));
    }
  },
  /** Whether it is kept what became of events. */
  HISTORY(
      "true|false",
      "Keeps the last 10,000 runs, 64 MiB of them at most, with the end of their output, for events"
          + " runs; see docs/history.md. Default: true where there is a --state-directory.") {
    @Override
    void set(AgentOptions options, String value) {
      options.history = Optional.of(truth(value));
    }
  },
  /** A directory with the steps of events. */
  EVENTSDIR(
      "DIR",
      "A directory that holds one directory of steps an event; repeatable, the later wins by file"
          + " name. Default: $AGENT_INSTALL_DIR/events.") {
    @Override
    void set(AgentOptions options, String value) {
      options.eventsDirectoryGiven = true;
      if (!value.isEmpty()) {
        options.places.add(new StepPlace.Events(Path.of(value).toAbsolutePath()));
      }
    }
  },
  /** A directory with plugins. */
  PLUGINSDIR(
      "DIR",
      "A directory of plugins: jars, and directories of jars, with handlers in Java; repeatable,"
          + " the later wins by step name, in one order with --eventsdir. Default: plugins/ of"
          + " this installation, then $AGENT_INSTALL_DIR/plugins, both before all --eventsdir.") {
    @Override
    void set(AgentOptions options, String value) {
      options.pluginsDirectoryGiven = true;
      if (!value.isEmpty()) {
        options.places.add(new StepPlace.Plugins(Path.of(value).toAbsolutePath()));
      }
    }
  },
  /** Accepted for the sake of NS8's units. */
  ACTIONSDIR("DIR", "Accepted and not used: tasks are another daemon's work.") {
    @Override
    void set(AgentOptions options, String value) {
      options.actionsDirectories.add(value);
    }
  },
  /** Where events come from. */
  REDIS(
      "URI",
      "Where events come from: redis://, rediss:// (TLS), redis-socket:///PATH, redis-sentinel://,"
          + " or @FILE that holds the address. Default: $REDIS_REPLICA_ADDRESS, else"
          + " $REDIS_ADDRESS, else 127.0.0.1:6379, as user default with the agent's id as"
          + " password.") {
    @Override
    void set(AgentOptions options, String value) {
      options.redis = Optional.of(AgentOptions.redisUri(value));
    }
  },
  /** Which events wait for each other. */
  ORDERING(
      "channel|none",
      "channel (default): events of one channel run one after the other; none: all at once.") {
    @Override
    void set(AgentOptions options, String value) {
      options.ordering =
          switch (value) {
            case "channel" -> Limits.Ordering.CHANNEL;
            case "none" -> Limits.Ordering.NONE;
            default -> throw new IllegalArgumentException("use channel or none");
          };
    }
  },
  /** Which files may be run. */
  TRUST(
      "owner|any",
      "owner (default): only steps that nobody but root and the agent's user can change; any: all"
          + " steps.") {
    @Override
    void set(AgentOptions options, String value) {
      options.trust =
          switch (value) {
            case "owner" -> Trust.OWNER;
            case "any" -> Trust.ANY;
            default -> throw new IllegalArgumentException("use owner or any");
          };
    }
  },
  /** How long a step may run. */
  STEP_TIMEOUT("DURATION", "How long one step may run; 0 for no limit. Default: 1h.") {
    @Override
    void set(AgentOptions options, String value) {
      options.stepTimeout = Amounts.duration(value);
    }
  },
  /** How long steps may take to end when the agent stops. */
  STOP_GRACE(
      "DURATION",
      "How long running steps may take to end after SIGTERM before they are killed. Default:"
          + " 800ms.") {
    @Override
    void set(AgentOptions options, String value) {
      options.stopGrace = Amounts.duration(value);
    }
  },
  /** How many steps run at once. */
  MAX_CONCURRENCY("N", "How many steps run at once. Default: $MAX_CONCURRENCY, else 32.") {
    @Override
    void set(AgentOptions options, String value) {
      options.maxConcurrency = Optional.of(number(value, 1));
    }
  },
  /** How many events may wait. */
  QUEUE_EVENTS("N", "How many events may wait before the next is rejected. Default: 10000.") {
    @Override
    void set(AgentOptions options, String value) {
      options.queueEvents = Optional.of(number(value, 0));
    }
  },
  /** How many bytes of payload may wait. */
  QUEUE_BYTES("SIZE", "How many bytes of payload may wait. Default: 64MiB.") {
    @Override
    void set(AgentOptions options, String value) {
      options.queueBytes = Optional.of(Amounts.size(value));
    }
  };

  private final String label;
  private final String help;

  AgentFlag(String label, String help) {
    this.label = label;
    this.help = help;
  }

  /** Returns the flag as it is written, such as {@code --agentid}. */
  public String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns what stands for its value in help texts. */
  public String label() {
    return label;
  }

  /** Returns what it does, in a sentence or two. */
  public String help() {
    return help;
  }

  /** Tells whether it may be given more than once. */
  public boolean repeatable() {
    return this == EVENTSDIR || this == PLUGINSDIR || this == ACTIONSDIR;
  }

  /** Tells whether it may be given without a value, which is an empty one then. */
  public boolean mayStandAlone() {
    return this == DISCOVER || this == JOURNAL || this == HISTORY;
  }

  /** Stores a value; throws IllegalArgumentException saying what a right one looks like. */
  abstract void set(AgentOptions options, String value);

  /**
   * Stores a value.
   *
   * @throws IllegalArgumentException if it is wrong; the message is whole: flag, value, and what a
   *     right one looks like
   */
  public void apply(AgentOptions options, String value) {
    try {
      set(options, value);
    } catch (IllegalArgumentException e) {
      // An address may hold a password.
      String shown = this == REDIS ? "" : " \"" + value + "\"";
      throw new IllegalArgumentException(
          "wrong value" + shown + " for " + flag() + ": " + e.getMessage(), e);
    }
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("use true or false");
    };
  }

  private static int number(String value, int least) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("a number from " + least + " up is wanted");
  }
}
