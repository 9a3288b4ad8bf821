package org.nethserver.events.agent.plugins;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * The plugins of one agent, loaded here or by a process of the agent's user.
 *
 * <p>Life cycle: opened with the agent; {@link #reload} any number of times; closed after the
 * agent's last run.
 *
 * <p>Threads: opened and closed by one; {@link #reload} by the thread of {@link #execute}.
 */
public interface AgentPlugins extends AutoCloseable {
  /** Runs a task on the thread for what may take its time. */
  void execute(Runnable task);

  /**
   * Makes sources of the steps that are loaded now; each keeps its plugin open until it is closed.
   *
   * @param directory one of the directories
   */
  List<StepSource> sources(Path directory);

  /** Says what is loaded, and what is not. */
  PluginReport report();

  /**
   * Loads what was not loaded yet or has changed.
   *
   * @return what is in use now and was not before, and the other way round; empty if nothing
   */
  List<String> reload();

  /**
   * Opens a transport with the first plugin that serves its address.
   *
   * @param known gets the schemes that plugins serve
   */
  Optional<Transport> transport(TransportSettings settings, Set<String> known);

  /** Names the handlers that are being called in this process, each with its plugin and event. */
  List<String> running();

  /** Closes all plugins, as far as they let themselves be closed in time. */
  @Override
  void close();
}
