package org.nethserver.events.agent.host;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.log.SystemLogs;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.systemd.UnixDatagram;
import org.nethserver.events.api.spi.StepUser;

/**
 * The system log, in which the lines of each agent stand under its name, and are sent as its user.
 * Thread-safe.
 */
final class AgentLogs {
  private final SystemLog log;
  private final boolean many;
  private final Map<String, SystemLog> byAgent = new ConcurrentHashMap<>();

  /**
   * Leads all lines to a log.
   *
   * @param many whether lines say which agent's they are: not needed where there is but one
   */
  AgentLogs(SystemLog log, boolean many) {
    this.log = log;
    this.many = many;
  }

  /** Returns what writes down an agent's runs. */
  RunListener runs(AgentPlan agent, Counters counters) {
    Optional<String> identifier =
        many ? Optional.of(SystemLogs.identifier(agent.id())) : Optional.empty();
    return new RunLog(agent.id(), identifier, of(agent), counters);
  }

  /** Writes a line of the process. */
  void line(Priority priority, String text) {
    log.agent(priority, text);
  }

  /** Writes a line about an agent. */
  void line(AgentPlan agent, Priority priority, String text) {
    of(agent).agent(priority, fields(agent.id()), text);
  }

  /** Writes a line about an agent of this id, whose user is known by its latest plan. */
  void line(String agent, Priority priority, String text) {
    byAgent.getOrDefault(agent, log).agent(priority, fields(agent), text);
  }

  /** Writes what an agent has loaded, and what not. */
  void plugins(String agent, PluginReport plugins) {
    plugins.plugins().forEach(plugin -> line(agent, Priority.INFO, "Loaded plugin " + plugin));
    plugins.problems().forEach(problem -> line(agent, Priority.ERROR, problem.toString()));
  }

  private SystemLog of(AgentPlan agent) {
    SystemLog of =
        switch (agent.settings().user()) {
          case StepUser.Own _ -> log;
          case StepUser.Other user -> log.of(new UnixDatagram.Sender(user.uid(), user.gid()));
        };
    byAgent.put(agent.id(), of);
    return of;
  }

  private Map<String, String> fields(String agent) {
    return many
        ? Map.of("AGENT_ID", agent, SystemLog.IDENTIFIER, SystemLogs.identifier(agent))
        : Map.of();
  }
}
