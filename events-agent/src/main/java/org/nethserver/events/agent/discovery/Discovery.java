package org.nethserver.events.agent.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.posix.GuardedReading;
import org.nethserver.events.agent.settings.AgentDefinition;
import org.nethserver.events.agent.settings.AgentReader;
import org.nethserver.events.agent.settings.EnvironmentLines;

/**
 * Finds the agents of a node: {@code /home/NAME/.config} of the user NAME, and {@code
 * /var/lib/nethserver/NAME} of root, each from when it has a {@code state/agent.env}. What only
 * begins to be there, or never was a module, is passed over quietly.
 *
 * <p>Modules own what is read here: see {@link GuardedReading}.
 *
 * <p>Threads: one at a time.
 */
public final class Discovery {
  private final Path root;
  private final AgentReader.Defaults defaults;
  private final Layout layout;

  /** What was wrong at the last look. */
  private Set<String> faults = Set.of();

  /** What has been told of it. */
  private final Set<String> told = new HashSet<>();

  private List<String> complaints = List.of();

  /** What the last look found. */
  private Map<Module, AgentDefinition> known = Map.of();

  /** What the last look saw of the layout. */
  private Layout.Sight seen = Layout.Sight.NOTHING;

  /**
   * Looks at nothing yet.
   *
   * @param root the directory that is the node's root
   * @param defaults what counts for each agent
   */
  public Discovery(Path root, AgentReader.Defaults defaults) {
    this.root = root;
    this.defaults = defaults;
    this.layout = new Layout(root);
  }

  /** Returns the directory that is the node's root. */
  public Path root() {
    return root;
  }

  /**
   * Tells whether to look again: something has moved, or may have within one tick of the clock, or
   * something was wrong. A few system calls for each module.
   */
  public boolean stirred() {
    return !faults.isEmpty() || !seen.isSettled() || !layout.sight(seen).equals(seen);
  }

  /** Finds the agents that are there now, by their ids. */
  public Map<String, AgentDefinition> look() {
    seen = layout.sight(Layout.Sight.NOTHING);
    Map<Module, AgentDefinition> agents = new LinkedHashMap<>();
    Map<String, AgentDefinition> byId = new LinkedHashMap<>();
    Set<String> wrong = new LinkedHashSet<>();
    for (Module module : seen.modules()) {
      agent(module, wrong)
          .ifPresent(
              agent -> {
                AgentDefinition other = byId.putIfAbsent(agent.id(), agent);
                if (other == null) {
                  agents.put(module, agent);
                } else {
                  wrong.add(
                      "%s is not hosted: %s is there already, by %s; remove one of them"
                          .formatted(module.directory(), agent.id(), other.stateDirectory()));
                }
              });
    }
    known = agents;
    Set<String> before = faults;
    faults = wrong;
    told.retainAll(wrong);
    complaints = wrong.stream().filter(before::contains).filter(told::add).toList();
    return byId;
  }

  /**
   * Returns what was wrong at the last look, is so for the second time, and has not been told: a
   * module that is being installed is strange for a moment.
   */
  public List<String> complaints() {
    return complaints;
  }

  private Optional<AgentDefinition> agent(Module module, Set<String> wrong) {
    if (!Files.exists(module.environment(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return module.rootless() ? ofUser(module) : ofRoot(module);
    } catch (UnknownForNowException e) {
      wrong.add(module.directory() + " stays as it was: " + e.getMessage());
      return Optional.ofNullable(known.get(module));
    } catch (IOException | IllegalArgumentException e) {
      wrong.add(module.directory() + " is not hosted: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<AgentDefinition> ofRoot(Module module) throws IOException {
    return id(module, GuardedReading.ofRoot()).map(id -> definition(id, module, Optional.empty()));
  }

  private Optional<AgentDefinition> ofUser(Module module) throws IOException {
    Optional<Account> user;
    try {
      user = defaults.users().known(module.name());
    } catch (IOException e) {
      throw new UnknownForNowException(e);
    }
    if (user.isEmpty() || user.get().isRoot()) {
      return Optional.empty(); // another directory among the homes, or the user is still to come
    }
    return id(module, GuardedReading.of(user.get())).map(id -> definition(id, module, user));
  }

  private static Optional<String> id(Module module, GuardedReading reading) throws IOException {
    byte[] content = reading.read(module.environment());
    return module.id(EnvironmentLines.value(content, "AGENT_ID"));
  }

  private AgentDefinition definition(String id, Module module, Optional<Account> user) {
    return new AgentDefinition(
        id,
        List.of(
            new StepPlace.Plugins(defaults.plugins()),
            new StepPlace.Plugins(module.directory().resolve("plugins")),
            new StepPlace.Events(module.directory().resolve("events"))),
        defaults.trust(),
        defaults.limits(),
        module.state(),
        Map.of("AGENT_INSTALL_DIR", module.directory().toString()),
        List.of(layout.environment(), module.environment()),
        user,
        true,
        true);
  }

  /** The name service does not answer: that is no reason to end what runs. */
  private static final class UnknownForNowException extends IOException {
    private static final long serialVersionUID = 1L;

    UnknownForNowException(IOException cause) {
      super("its user could not be looked up: " + cause.getMessage(), cause);
    }
  }
}
