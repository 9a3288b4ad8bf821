package org.nethserver.events.agent.plugins;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.agent.handlers.JavaSteps;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * Plugins that are loaded in this process. The thread of {@link #execute} closes them too: their
 * code may take its time there.
 */
public final class Plugins implements AgentPlugins {
  /** How long plugins may take to close when the process ends. */
  private static final long CLOSE_SECONDS = 5;

  /** How long after a plugin was closed its threads should be gone. */
  private static final long THREADS_SECONDS = 1;

  /** Hears of plugins. Thread-safe. */
  public interface Listener {
    /** Something of a plugin that was loaded went wrong. */
    void problem(PluginProblem problem);

    /**
     * A call was given up.
     *
     * @param why names plugin, handler, event, and what to do
     */
    void stuck(String why);

    /** A task on the thread of plugins threw, by a fault that is no plugin's. */
    void failed(Throwable failure);
  }

  private final AgentSettings agent;
  private final Listener listener;
  private final JavaSteps steps;
  private final Duration patience;
  private final PluginLoader loader;
  private final ScheduledThreadPoolExecutor thread;
  private volatile List<PluginDirectory> directories;
  private volatile boolean ending;

  /**
   * Loads nothing yet.
   *
   * @param agent the agent
   * @param directories where plugins are, the later winning; they need not be there
   * @param base where to make a private directory for copies of jars
   * @param limits how many handlers may be called at once, and for how long
   * @param counters where calls that are given up are counted
   */
  public Plugins(
      AgentSettings agent,
      List<Path> directories,
      Path base,
      Limits limits,
      Counters counters,
      Listener listener) {
    this(agent, directories, base, limits, counters, TimedCall.LIMIT, listener);
  }

  Plugins(
      AgentSettings agent,
      List<Path> directories,
      Path base,
      Limits limits,
      Counters counters,
      Duration patience,
      Listener listener) {
    this.agent = agent;
    this.listener = listener;
    this.steps = new JavaSteps(limits, counters);
    this.patience = patience;
    this.loader = new PluginLoader(agent, base, patience, this::unused, listener::stuck);
    this.thread = new ScheduledThreadPoolExecutor(1, Plugins::thread);
    this.thread.setKeepAliveTime(1, TimeUnit.SECONDS);
    this.thread.allowCoreThreadTimeOut(true);
    // A call that was given up may return after the end.
    this.thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    this.directories = directories.stream().map(PluginDirectory::empty).toList();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "plugins");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            ForeignFailure.rethrowFatal(e);
            listener.failed(e);
          }
        });
  }

  @Override
  public List<StepSource> sources(Path directory) {
    List<StepSource> sources = new ArrayList<>();
    for (PluginDirectory loaded : directories) {
      if (loaded.path().equals(directory)) {
        for (PluginDirectory.Listed listed : loaded.plugins()) {
          sources.add(new HandlerSource(listed.plugin(), listed.handlers(), steps));
          for (StepSource source : listed.plugin().sources()) {
            sources.add(new ForeignSource(source, listed.plugin().code()));
          }
        }
      }
    }
    return sources;
  }

  @Override
  public PluginReport report() {
    return new PluginReport(
        directories.stream()
            .flatMap(directory -> directory.plugins().stream())
            .map(PluginReport.Loaded::of)
            .toList(),
        directories.stream().flatMap(directory -> directory.problems().stream()).toList());
  }

  @Override
  public List<String> reload() {
    List<PluginDirectory> before = directories;
    directories = before.stream().map(directory -> directory.next(loader, agent.trust())).toList();
    List<String> changes = Changes.between(plugins(before), plugins(directories));
    before.forEach(PluginDirectory::release);
    return changes;
  }

  private static List<Plugin> plugins(List<PluginDirectory> directories) {
    return directories.stream()
        .flatMap(directory -> directory.plugins().stream())
        .map(PluginDirectory.Listed::plugin)
        .toList();
  }

  /** The plugin stays as it is until the process ends. */
  @Override
  public Optional<Transport> transport(TransportSettings settings, Set<String> known) {
    String scheme = String.valueOf(settings.address().getScheme()).toLowerCase(Locale.ROOT);
    for (Plugin plugin : plugins(directories)) {
      for (TransportProvider provider : plugin.transports()) {
        try {
          Set<String> schemes = plugin.code().call(() -> Set.copyOf(provider.schemes()));
          known.addAll(schemes);
          if (schemes.contains(scheme)) {
            Transport transport = plugin.code().call(() -> provider.open(settings));
            plugin.use().pin();
            return Optional.of(new ForeignTransport(transport, plugin.code()));
          }
        } catch (IllegalArgumentException e) {
          throw e;
        } catch (Throwable e) {
          ForeignFailure.rethrowFatal(e);
          listener.problem(
              Faults.thrown(provider.getClass().getName(), e)
                  .of(plugin.name(), plugin.file().path()));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> running() {
    return steps.running();
  }

  private void unused(Plugin plugin) {
    thread.execute(
        () -> {
          close(plugin);
          // They may hold what its handlers left in them.
          steps.renewThreads();
          if (!ending) {
            thread.schedule(() -> reportThreads(plugin), THREADS_SECONDS, TimeUnit.SECONDS);
          }
        });
  }

  private void close(Plugin plugin) {
    try {
      TimedCall.within(
          patience,
          () -> {
            plugin.close(listener::problem);
            return plugin;
          },
          _ -> {});
    } catch (PluginFailure e) {
      listener.problem(e.of(plugin.name(), plugin.file().path()));
    }
  }

  private void reportThreads(Plugin plugin) {
    List<String> left = plugin.threads();
    if (!left.isEmpty()) {
      listener.problem(
          new PluginProblem(
              plugin.name(),
              plugin.file().path(),
              "its threads live on after its close, and so does all that it holds in memory: "
                  + String.join(", ", left),
              "end them in the handler's close()"));
    }
  }

  /**
   * Closes all plugins, as far as they let themselves be closed in time, and removes the copies.
   */
  @Override
  public void close() {
    ending = true;
    directories.forEach(PluginDirectory::release);
    directories = List.of();
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        listener.stuck("Plugins do not close within " + CLOSE_SECONDS + " s: mend their close()");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    steps.close();
    loader.close();
  }
}
