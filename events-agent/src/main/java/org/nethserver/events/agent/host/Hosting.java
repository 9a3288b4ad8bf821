package org.nethserver.events.agent.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.systemd.Notifier;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * What a process with some options hosts, before anything of it is there.
 *
 * @param agents the agents
 * @param transport where their events come from
 * @param journal how they make good what they missed, if they do
 * @param places how many of their steps run at once, all together
 */
public record Hosting(
    List<AgentPlan> agents,
    TransportSettings transport,
    Optional<JournalPlan> journal,
    int places) {
  /** The name of the connection that many agents share. */
  private static final String CLIENT_NAME = "events";

  /** Copies the list. */
  public Hosting {
    agents = List.copyOf(agents);
  }

  /**
   * Reads it, and starts nothing.
   *
   * @param variables the process's
   * @param listener hears of what is not hosted, and of what agents do without
   * @throws IllegalArgumentException if the options cannot work; the message says what to do
   * @throws WrongSettingsException if the files that name the agents cannot be used
   */
  public static Hosting of(AgentOptions options, Variables variables, Fleet.Listener listener)
      throws WrongSettingsException {
    Variables inherited = variables.without(Notifier.VARIABLES);
    Optional<JournalPlan> journal = JournalPlan.of(options, variables);
    if (!options.hostsMany()) {
      AgentPlan agent = agent(options, variables, inherited);
      return new Hosting(
          List.of(agent), options.transport(variables), journal, agent.limits().maxConcurrency());
    }
    Fleet fleet = new Fleet(options, inherited, listener);
    fleet.read();
    // What is strange at the first look may be a module that is just being installed.
    List<AgentPlan> agents = fleet.look();
    return new Hosting(
        agents, transport(options, variables, agents), journal, options.hostPlaces());
  }

  /** Returns the agent of a process that hosts one. */
  static AgentPlan agent(AgentOptions options, Variables variables, Variables inherited) {
    return new AgentPlan(
        options.agent(variables),
        options.places(variables),
        options.limits(variables),
        Path.of("").toAbsolutePath(),
        inherited);
  }

  /** Returns where the events of many agents come from. */
  static TransportSettings transport(
      AgentOptions options, Variables variables, List<AgentPlan> agents) {
    // Any agent may log in: see the contract on names and passwords.
    String password = agents.isEmpty() ? CLIENT_NAME : agents.getFirst().id();
    return options.transport(variables, CLIENT_NAME, password);
  }
}
