package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.settings.AgentDefinition;
import org.nethserver.events.agent.settings.AgentFiles;
import org.nethserver.events.agent.settings.AgentReader;
import org.nethserver.events.agent.settings.EnvironmentLines;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;

/**
 * The agents that files name, as plans. Each has the process's variables but for those that tell
 * which agent this is, and its own.
 */
final class Fleet {
  private static final Set<String> OF_ONE_AGENT =
      Set.of("AGENT_ID", "AGENT_INSTALL_DIR", "AGENT_STATE_DIR");

  private final Path files;
  private final AgentReader.Defaults defaults;
  private final Variables inherited;
  private final BiConsumer<String, String> onMissing;

  /**
   * Reads nothing yet.
   *
   * @param files a file, or a directory of them
   * @param inherited the process's variables
   * @param onMissing hears, by an agent's id, which file of variables cannot be read, and why; the
   *     agent does without, as it does without {@code ./environment}
   */
  Fleet(
      Path files, AgentOptions options, Variables inherited, BiConsumer<String, String> onMissing) {
    this.files = files;
    this.defaults =
        new AgentReader.Defaults(
            options.hostedLimits(),
            options.trust(),
            AgentOptions.installedPlugins(),
            System.getProperty("user.name"));
    this.inherited = inherited.without(OF_ONE_AGENT);
    this.onMissing = onMissing;
  }

  /** Returns where the agents are written down. */
  Path files() {
    return files;
  }

  /**
   * Reads all agents.
   *
   * @throws WrongSettingsException if anything is wrong with any; nothing of it counts then
   */
  List<AgentPlan> read() throws WrongSettingsException {
    return AgentFiles.read(files, defaults).stream().map(this::plan).toList();
  }

  private AgentPlan plan(AgentDefinition agent) {
    return new AgentPlan(
        new AgentSettings(agent.id(), StepPlace.eventsDirectories(agent.places()), agent.trust()),
        agent.places(),
        agent.limits(),
        agent.stateDirectory(),
        variables(agent));
  }

  private Variables variables(AgentDefinition agent) {
    List<byte[]> lines = new ArrayList<>(inherited.entries());
    add(lines, "AGENT_ID", agent.id());
    add(lines, "AGENT_STATE_DIR", agent.stateDirectory().toString());
    agent.environment().forEach((name, value) -> add(lines, name, value));
    for (Path file : agent.environmentFiles()) {
      try {
        lines.addAll(EnvironmentLines.read(file));
      } catch (IOException e) {
        onMissing.accept(agent.id(), "Cannot read the environment file " + e.getMessage());
      }
    }
    return Variables.of(lines);
  }

  private static void add(List<byte[]> lines, String name, String value) {
    lines.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
  }
}
