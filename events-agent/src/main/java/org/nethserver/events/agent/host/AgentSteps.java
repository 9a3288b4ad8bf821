package org.nethserver.events.agent.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.AgentPlugins;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.plugins.Plugins;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.worker.WorkerPlugins;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.StepUser;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * All places of one agent's steps, in their order: plugins, which a reload may replace, and the
 * directories of what this installation's own providers know, which last.
 *
 * <p>Threads: opened and closed by one; {@link #reload} by any.
 */
public final class AgentSteps implements AutoCloseable {
  /** Whom it tells; any thread. */
  public interface Listener extends Plugins.Listener {
    /** A source threw; it counts as having no step for the event. */
    void sourceFailed(StepSource source, Throwable failure);

    /**
     * A worker wrote a line, or tells what concerns no call. Waits for the log, on the thread that
     * reads from this worker: so one that says much waits itself, and nobody else does.
     */
    void said(Priority priority, String line);
  }

  /** Hears of a reload, on a thread that may take its time. */
  interface Reloaded {
    /**
     * All is loaded.
     *
     * @param changes what is in use from now on and was not before, and the other way round
     * @param next the steps from now on, to be closed after those that they replace; null if
     *     nothing has changed
     */
    void loaded(List<String> changes, @Nullable StepResolver next);
  }

  private final AgentSettings agent;
  private final List<StepProvider> providers;
  private final List<StepPlace> places;
  private final Limits limits;
  private final Variables variables;
  private final Counters counters;
  private final Listener listener;

  /** What each stretch of events directories has, under the first of its places. */
  private final List<Stretch> stretches = new ArrayList<>();

  private volatile @Nullable AgentPlugins plugins;

  private record Stretch(int firstPlace, List<StepSource> sources) {}

  /**
   * Opens all sources and loads all plugins.
   *
   * @param plan the agent
   * @param counters where calls that are given up are counted
   * @throws IllegalArgumentException if a provider of this installation cannot work with these
   */
  public AgentSteps(AgentPlan plan, Counters counters, Listener listener) {
    this(installed(), plan, counters, listener);
  }

  /**
   * Opens all sources and loads all plugins.
   *
   * @param providers shared by the agents of a process, and with them what these need once
   */
  AgentSteps(List<StepProvider> providers, AgentPlan plan, Counters counters, Listener listener) {
    this.providers = providers;
    this.agent = plan.settings();
    this.places = plan.places();
    this.limits = plan.limits();
    this.variables = plan.variables();
    this.counters = counters;
    this.listener = listener;
    try {
      openStretches();
      if (havePlugins(places)) {
        plugins().reload();
      }
    } catch (RuntimeException | Error e) {
      try {
        close();
      } catch (RuntimeException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /** Returns this installation's own providers. */
  static List<StepProvider> installed() {
    List<StepProvider> providers = new ArrayList<>();
    ServiceLoader.load(StepProvider.class).forEach(providers::add);
    return providers;
  }

  private void openStretches() {
    int begin = 0;
    while (begin < places.size()) {
      int end = begin;
      while (end < places.size() && places.get(end) instanceof StepPlace.Events) {
        end++;
      }
      if (end > begin) {
        open(begin, places.subList(begin, end));
      }
      begin = Math.max(end, begin + 1);
    }
    if (stretches.isEmpty()) {
      // Not all that answers events need look into directories.
      open(places.size(), List.of());
    }
  }

  private void open(int firstPlace, List<StepPlace> stretch) {
    AgentSettings settings =
        new AgentSettings(
            agent.id(), StepPlace.eventsDirectories(stretch), agent.trust(), agent.user());
    // Known before the next provider is asked: what is open is closed if that throws.
    List<StepSource> sources = new ArrayList<>();
    stretches.add(new Stretch(firstPlace, sources));
    providers.forEach(provider -> sources.addAll(provider.open(settings)));
  }

  /** Without plugins not a class of theirs is loaded: the agent should be up in a blink. */
  static boolean havePlugins(List<StepPlace> places) {
    return places.stream()
        .anyMatch(
            place -> place instanceof StepPlace.Plugins && !Files.notExists(place.directory()));
  }

  private synchronized AgentPlugins plugins() {
    AgentPlugins open = plugins;
    if (open == null) {
      List<Path> directories =
          places.stream()
              .filter(StepPlace.Plugins.class::isInstance)
              .map(StepPlace::directory)
              .toList();
      // Code of a user who is not root would be root's in this process.
      open =
          agent.user() instanceof StepUser.Other user
              ? new WorkerPlugins(
                  agent, user, directories, limits, variables, listener, listener::said)
              : new Plugins(agent, directories, copies(), limits, counters, listener);
      plugins = open;
    }
    return open;
  }

  /** In systemd's directory for the unit nobody cleans up behind our back. */
  private static Path copies() {
    String given = System.getenv().getOrDefault("RUNTIME_DIRECTORY", "");
    return Path.of(
        given.isEmpty() ? System.getProperty("java.io.tmpdir") : given.replaceAll(":.*", ""));
  }

  /** Makes a resolver of what is there now, which keeps its plugins open until it is closed. */
  public StepResolver resolver() {
    List<StepSource> sources = new ArrayList<>();
    AgentPlugins loaded = plugins;
    for (int i = 0; i <= places.size(); i++) {
      for (Stretch stretch : stretches) {
        if (stretch.firstPlace == i) {
          stretch.sources.forEach(source -> sources.add(new LastingSource(source)));
        }
      }
      if (loaded != null
          && i < places.size()
          && places.get(i) instanceof StepPlace.Plugins(Path directory)) {
        sources.addAll(loaded.sources(directory));
      }
    }
    return new StepResolver(sources, listener::sourceFailed);
  }

  /** Says which plugins are loaded, and which are not. */
  public PluginReport report() {
    AgentPlugins loaded = plugins;
    return loaded == null ? new PluginReport(List.of(), List.of()) : loaded.report();
  }

  /** Names the handlers in Java that are being called. */
  List<String> running() {
    AgentPlugins loaded = plugins;
    return loaded == null ? List.of() : loaded.running();
  }

  /** Loads plugins that have changed, on a thread of their own. */
  void reload(Reloaded reloaded) {
    if (plugins == null && !havePlugins(places)) {
      reloaded.loaded(List.of(), null);
      return;
    }
    AgentPlugins loaded = plugins();
    loaded.execute(
        () -> {
          List<String> changes = List.of();
          try {
            changes = loaded.reload();
          } finally {
            // Whatever happens: systemd waits for the end of the reload.
            reloaded.loaded(changes, changes.isEmpty() ? null : resolver());
          }
        });
  }

  /** Closes steps that were replaced and that no run holds any more. */
  void retire(StepResolver replaced) {
    AgentPlugins loaded = plugins;
    if (loaded != null) {
      loaded.execute(replaced::close);
    }
  }

  /** Opens a transport of a plugin; adds the schemes that plugins know. */
  Optional<Transport> transport(TransportSettings settings, Set<String> known) {
    AgentPlugins loaded = plugins;
    return loaded == null ? Optional.empty() : loaded.transport(settings, known);
  }

  /** Closes all: the resolvers have been closed. */
  @Override
  public void close() {
    AgentPlugins loaded = plugins;
    if (loaded != null) {
      loaded.close();
    }
    List<StepSource> sources =
        stretches.stream().flatMap(stretch -> stretch.sources.stream()).toList();
    stretches.clear();
    new StepResolver(sources, listener::sourceFailed).close();
  }
}
