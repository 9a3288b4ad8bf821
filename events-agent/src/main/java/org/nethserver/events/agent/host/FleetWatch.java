package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.settings.WrongSettingsException;

/**
 * Has a host host what the fleet is: at the start, at SIGHUP, and as modules come and go.
 *
 * <p>Threads: each change has the lock; {@link #reload} makes a thread, {@link #follow} another one
 * that stays.
 */
final class FleetWatch {
  /** How soon a module counts that has come, changed or gone. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final Host host;
  private final Optional<StateDirectories> states;
  private final AgentLogs log;

  /** Agents whose directories were made, or could not be: tried again at a reload. */
  private final Set<String> known = new HashSet<>();

  FleetWatch(Fleet fleet, Host host, Optional<StateDirectories> states, AgentLogs log) {
    this.fleet = fleet;
    this.host = host;
    this.states = states;
    this.log = log;
  }

  /** Hosts the agents that there were at the start. */
  synchronized void begin(List<AgentPlan> agents) {
    host(agents);
    log.line(Priority.INFO, "Hosting " + agents.size() + " agents of " + fleet.origin());
  }

  /** Follows modules that come and go, if any can. */
  void follow() {
    if (fleet.isFollowed()) {
      start(this::lookForEver, "discover");
    }
  }

  /**
   * Hosts the agents as they are now; if anything is wrong with the files, those before.
   *
   * @param reloaded runs at the end, on another thread
   */
  void reload(Runnable reloaded) {
    start(() -> reloadNow(reloaded), "reload");
  }

  private static void start(Runnable code, String name) {
    Thread thread = new Thread(code, name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void reloadNow(Runnable reloaded) {
    try {
      List<AgentPlan> agents = fleet.read();
      known.clear();
      List<String> changes = host(agents);
      log.line(
          Priority.INFO,
          "Signal SIGHUP caught: "
              + (changes.isEmpty() ? "no agent has changed" : String.join(", ", changes)));
    } catch (WrongSettingsException e) {
      e.problems().forEach(problem -> log.line(Priority.ERROR, problem.toString()));
      log.line(Priority.ERROR, "Signal SIGHUP caught: the agents stay as they were");
    } finally {
      reloaded.run();
    }
  }

  private List<String> host(List<AgentPlan> agents) {
    known.retainAll(agents.stream().map(AgentPlan::id).toList());
    for (AgentPlan agent : agents) {
      if (known.add(agent.id())) {
        makeState(agent);
      }
    }
    return host.host(agents);
  }

  private void makeState(AgentPlan agent) {
    try {
      if (states.isPresent()) {
        Path _ = states.get().of(agent.id());
      }
    } catch (IOException e) {
      log.line(agent, Priority.ERROR, "There is no directory for its state: " + e.getMessage());
    }
  }

  private void lookForEver() {
    while (true) {
      LockSupport.parkNanos(this, PERIOD.toNanos());
      try {
        look();
      } catch (RuntimeException e) {
        // Of ours, and no reason to look never again.
        log.line(
            Priority.ERROR, "A fault in the look at the node, which goes on: " + LastWords.told(e));
      }
    }
  }

  private synchronized void look() {
    if (fleet.stirred()) {
      host(fleet.look()).forEach(change -> log.line(Priority.INFO, "Agent " + change));
    }
  }
}
