package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.discovery.Discovery;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.posix.GuardedReading;
import org.nethserver.events.agent.run.FileReading;
import org.nethserver.events.agent.settings.AgentDefinition;
import org.nethserver.events.agent.settings.AgentFiles;
import org.nethserver.events.agent.settings.AgentReader;
import org.nethserver.events.agent.settings.EnvironmentLines;
import org.nethserver.events.agent.settings.Users;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepUser;

/**
 * The agents that files name, and those that are found on the node, as plans.
 *
 * <p>Threads: one at a time.
 */
public final class Fleet {
  private static final Set<String> OF_ONE_AGENT =
      Set.of("AGENT_ID", "AGENT_INSTALL_DIR", "AGENT_STATE_DIR");

  /** Whom it tells of what an agent does without. */
  public interface Listener {
    /** A file of an agent's variables cannot be read; it does without. */
    void missing(AgentPlan agent, String why);

    /** A module of the node cannot be hosted. */
    void notHosted(String why);
  }

  private final Optional<Path> files;
  private final Optional<Discovery> discovery;
  private final AgentReader.Defaults defaults;
  private final Variables inherited;
  private final Listener listener;

  /** What the files named when they were last read. */
  private List<AgentPlan> configured = List.of();

  /** What has been told to be missing, by agent. */
  private final Map<String, Set<String>> missing = new HashMap<>();

  /**
   * Reads nothing yet.
   *
   * @param options say where: a file or directory of them, the root of a node, or both
   * @param inherited the process's variables
   * @throws IllegalArgumentException if this process cannot host what is on a node
   */
  public Fleet(AgentOptions options, Variables inherited, Listener listener) {
    this.files = options.config();
    this.defaults =
        new AgentReader.Defaults(
            options.hostedLimits(),
            options.trust(),
            AgentOptions.installedPlugins(),
            Users.ofProcess(System.getProperty("user.name")));
    this.discovery = options.discover().map(root -> new Discovery(root, defaults));
    if (discovery.isPresent() && !defaults.users().others()) {
      throw new IllegalArgumentException(
          "--discover needs root, since each agent that it finds runs as its own user; name the"
              + " agents of this user by --config");
    }
    this.inherited = inherited.without(OF_ONE_AGENT);
    this.listener = listener;
  }

  /** Says where the agents are written down, for people. */
  public String origin() {
    List<String> places = new ArrayList<>();
    files.ifPresent(path -> places.add(path.toString()));
    discovery.ifPresent(found -> places.add("the node below " + found.root()));
    return String.join(" and ", places);
  }

  /** Tells whether agents come and go by themselves. */
  boolean isFollowed() {
    return discovery.isPresent();
  }

  /**
   * Reads and finds all agents.
   *
   * @throws WrongSettingsException if anything is wrong with any file; nothing of it counts then
   */
  public List<AgentPlan> read() throws WrongSettingsException {
    missing.clear();
    if (files.isPresent()) {
      configured = AgentFiles.read(files.get(), defaults).stream().map(this::ofFiles).toList();
    }
    return look();
  }

  /** Tells whether it is worth a look whether agents have come or gone. */
  boolean stirred() {
    return discovery.isPresent() && discovery.get().stirred();
  }

  /** Returns what the files named when they were last read, and what is on the node now. */
  List<AgentPlan> look() {
    Map<String, AgentPlan> all = new LinkedHashMap<>();
    configured.forEach(agent -> all.put(agent.id(), agent));
    if (discovery.isPresent()) {
      // One after the other: what a file names needs no look at the module.
      discovery.get().look().forEach((id, agent) -> all.computeIfAbsent(id, _ -> ofNode(agent)));
      discovery.get().complaints().forEach(listener::notHosted);
    }
    missing.keySet().retainAll(all.keySet());
    return List.copyOf(all.values());
  }

  private AgentPlan ofFiles(AgentDefinition agent) {
    Variables base =
        agent.user().isPresent() ? UnitVariables.of(inherited, agent.user()) : inherited;
    return plan(agent, base);
  }

  private AgentPlan ofNode(AgentDefinition agent) {
    return plan(agent, UnitVariables.of(inherited, agent.user()));
  }

  private AgentPlan plan(AgentDefinition agent, Variables base) {
    StepUser user = agent.user().<StepUser>map(Fleet::other).orElseGet(StepUser.Own::new);
    FileReading reading = reading(agent);
    List<String> unreadable = new ArrayList<>();
    AgentPlan plan =
        new AgentPlan(
            new AgentSettings(
                agent.id(), StepPlace.eventsDirectories(agent.places()), agent.trust(), user),
            agent.places(),
            agent.limits(),
            agent.stateDirectory(),
            variables(agent, base, reading, unreadable),
            reading,
            agent.journal(),
            agent.history());
    unreadable.stream()
        .filter(why -> missing.computeIfAbsent(agent.id(), _ -> new HashSet<>()).add(why))
        .forEach(why -> listener.missing(plan, why));
    return plan;
  }

  private static StepUser other(Account user) {
    return new StepUser.Other(user.name(), user.uid(), user.gid(), user.groups());
  }

  /** A process that is not root can read no more than its user could anyway. */
  private FileReading reading(AgentDefinition agent) {
    return !defaults.users().others()
        ? FileReading.plain()
        : agent.user().map(GuardedReading::of).orElseGet(GuardedReading::ofRoot);
  }

  private static Variables variables(
      AgentDefinition agent, Variables base, FileReading reading, List<String> unreadable) {
    List<byte[]> lines = new ArrayList<>(base.entries());
    add(lines, "AGENT_ID", agent.id());
    add(lines, "AGENT_STATE_DIR", agent.stateDirectory().toString());
    agent.environment().forEach((name, value) -> add(lines, name, value));
    for (Path file : agent.environmentFiles()) {
      try {
        lines.addAll(EnvironmentLines.of(reading.read(file)));
      } catch (IOException e) {
        unreadable.add("Cannot read the environment file " + e.getMessage());
      }
    }
    return Variables.of(lines);
  }

  private static void add(List<byte[]> lines, String name, String value) {
    lines.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
  }
}
