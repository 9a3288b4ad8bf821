package org.nethserver.events.agent.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.AgentPlugins;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.plugins.Plugins;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.StepUser;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * The plugins of an agent of another user, which a worker loads and calls. It is started to say
 * what it has loaded, and by the first call of a handler, and ends when it was idle for a while.
 *
 * <p>Threads: calls come from the dispatch thread, the rest from any. This object's lock guards
 * which worker there is; nothing is waited for under it.
 */
public final class WorkerPlugins implements AgentPlugins {
  /** How long a worker may have nothing to do before it is let go. */
  private static final Duration IDLE =
      Duration.ofMillis(Long.getLong("org.nethserver.events.worker.idle", 60_000));

  /** How long a worker may take to load. It is killed a little earlier. */
  private static final Duration LOADING = Duration.ofSeconds(65);

  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final int MAX_BACKOFF_SECONDS = 60;

  private static final FromWorker.Loaded NOTHING =
      new FromWorker.Loaded(0, List.of(), new PluginReport(List.of(), List.of()));

  private final AgentSettings agent;
  private final StepUser.Other user;
  private final List<Path> directories;
  private final Limits limits;
  private final Variables variables;
  private final Plugins.Listener listener;
  private final BiConsumer<Priority, String> log;
  private final ThreadPoolExecutor thread;

  private @Nullable WorkerProcess current;
  private long calls;
  private CompletableFuture<FromWorker.Loaded> loading = new CompletableFuture<>();
  private FromWorker.Loaded last = NOTHING;

  /** Counts the calls, so that a look after a while knows whether there was one. */
  private long stirred;

  /** Such a look is due. */
  private boolean watched;

  private int crashes;
  private long started;
  private long notBefore = System.nanoTime();
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param agent the agent
   * @param user as whom its handlers are called
   * @param directories where plugins are, the later winning
   * @param limits how many handlers may be called at once, and for how long
   * @param variables the agent's own
   * @param listener hears of plugins
   * @param log takes what workers write; waited for by the threads that read it
   */
  public WorkerPlugins(
      AgentSettings agent,
      StepUser.Other user,
      List<Path> directories,
      Limits limits,
      Variables variables,
      Plugins.Listener listener,
      BiConsumer<Priority, String> log) {
    this.agent = agent;
    this.user = user;
    this.directories = List.copyOf(directories);
    this.limits = limits;
    this.variables = variables;
    this.listener = listener;
    this.log = log;
    this.thread =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    this.thread.allowCoreThreadTimeOut(true);
    this.thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  private Thread thread(Runnable task) {
    Thread made = new Thread(task, "plugins");
    made.setDaemon(true);
    return made;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            listener.failed(e);
          }
        });
  }

  @Override
  public synchronized List<StepSource> sources(Path directory) {
    List<StepSource> sources = new ArrayList<>();
    for (PluginReport.Loaded plugin : last.report().plugins()) {
      if (directory.equals(plugin.file().getParent())) {
        sources.add(new WorkerSource(this, plugin, directory, last.loading()));
      }
    }
    return sources;
  }

  @Override
  public synchronized PluginReport report() {
    return last.report();
  }

  @Override
  public List<String> reload() {
    CompletableFuture<FromWorker.Loaded> awaited;
    FromWorker.Loaded before;
    boolean fresh;
    synchronized (this) {
      before = last;
      WorkerProcess worker = current;
      fresh = worker == null;
      if (fresh && directories.stream().noneMatch(WorkerPlugins::holdsFiles)) {
        last = NOTHING;
        return before.report().plugins().isEmpty() ? List.of() : List.of("all plugins gone");
      }
      loading = new CompletableFuture<>();
      awaited = loading;
      if (worker == null) {
        current = start();
      } else {
        worker.tell(new ToWorker.Reload());
      }
    }
    try {
      FromWorker.Loaded now = awaited.get(LOADING.toMillis(), TimeUnit.MILLISECONDS);
      stir();
      // To a worker that was started for this, all is new.
      return fresh && now.report().equals(before.report()) ? List.of() : now.changes();
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause();
      fail(cause == null ? "it does not answer" : String.valueOf(cause.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  /** No process is started where there is nothing to load. */
  private static boolean holdsFiles(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private void fail(String why) {
    PluginProblem problem =
        new PluginProblem(
            "",
            directories.getLast(),
            "the worker of user \"" + user.name() + "\" cannot load them: " + why,
            "mend that and reload the agent");
    synchronized (this) {
      if (last.loading() == 0) {
        last = new FromWorker.Loaded(0, List.of(), new PluginReport(List.of(), List.of(problem)));
        return;
      }
    }
    listener.problem(problem);
  }

  /** Transports are the process's, and the process is root's. */
  @Override
  public Optional<Transport> transport(TransportSettings settings, Set<String> known) {
    return Optional.empty();
  }

  /** A full heap or an exit is the worker's own, which says so itself. */
  @Override
  public List<String> running() {
    return List.of();
  }

  /** Calls a handler. On the dispatch thread. */
  Step.Execution call(int of, Path directory, byte[] step, StepRun run, StepListener told) {
    @Nullable WorkerCall call;
    @Nullable WorkerProcess worker;
    long wait;
    synchronized (this) {
      wait = closed ? Long.MAX_VALUE : notBefore - System.nanoTime();
      if (current == null && wait <= 0) {
        current = start();
      }
      worker = current;
      if (worker != null) {
        stirred++;
        call = new WorkerCall(new ToWorker.Start(++calls, of, directory, step, run), told, worker);
        // From now on it is not idle.
        worker.expect(call);
      } else {
        call = null;
      }
    }
    if (call == null || worker == null) {
      told.ended(new Outcome.Skipped(whyNot(wait)));
      return _ -> {};
    }
    told.started();
    worker.call(call);
    stir();
    return call;
  }

  private String whyNot(long wait) {
    return "the worker that calls its handler has ended "
        + crashes
        + " times in short order; the first event after "
        + (TimeUnit.NANOSECONDS.toSeconds(wait) + 1)
        + " s starts it again";
  }

  void release(int old) {
    synchronized (this) {
      if (current != null) {
        current.tell(new ToWorker.Release(old));
      }
    }
  }

  private WorkerProcess start() {
    WorkerProcess worker =
        new WorkerProcess(
            WorkerCommand.of(user, variables),
            new ToWorker.Begin(
                agent.id(),
                agent.trust(),
                directories,
                limits.maxConcurrency(),
                limits.stepTimeout()),
            new Events());
    worker.begin();
    started = System.nanoTime();
    return worker;
  }

  /** Looks after a while whether there was nothing to do meanwhile. */
  private synchronized void stir() {
    if (!watched && current != null) {
      watched = true;
      long seen = stirred;
      CompletableFuture.delayedExecutor(IDLE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> dismissIfIdle(seen));
    }
  }

  private synchronized void dismissIfIdle(long seen) {
    watched = false;
    if (current != null && stirred == seen && current.isIdle() && !holdsFormerVersions()) {
      current.dismiss();
      current = null;
      crashes = 0;
    } else {
      stir();
    }
  }

  /** A plugin is in use though its file has a fault: another worker would not have it. */
  private boolean holdsFormerVersions() {
    PluginReport report = last.report();
    return report.problems().stream()
        .anyMatch(
            problem ->
                report.plugins().stream().anyMatch(plugin -> plugin.file().equals(problem.file())));
  }

  @Override
  public void close() {
    WorkerProcess worker;
    synchronized (this) {
      closed = true;
      worker = current;
      current = null;
    }
    thread.shutdown();
    if (worker != null) {
      worker.dismiss();
      worker.awaitEnd(CLOSE);
    }
  }

  /** What a worker tells. */
  private final class Events implements WorkerProcess.Listener {
    @Override
    public void loaded(WorkerProcess worker, FromWorker.Loaded loaded) {
      CompletableFuture<FromWorker.Loaded> awaited;
      synchronized (WorkerPlugins.this) {
        if (worker != current) {
          return;
        }
        awaited = loading;
        // Started by a call: what was told before holds until the next reload.
        if (!awaited.isDone()) {
          last = loaded;
        }
      }
      awaited.complete(loaded);
    }

    @Override
    public void line(Priority priority, String text) {
      log.accept(priority, text);
    }

    @Override
    public void gone(WorkerProcess worker, @Nullable String why) {
      CompletableFuture<FromWorker.Loaded> awaited;
      synchronized (WorkerPlugins.this) {
        if (worker != current) {
          return;
        }
        current = null;
        awaited = loading;
        // A crash now and then is no reason to wait.
        crashes = System.nanoTime() - started > IDLE.toNanos() ? 0 : crashes;
        int seconds = Math.min(MAX_BACKOFF_SECONDS, (1 << Math.min(crashes, 6)) - 1);
        crashes++;
        notBefore = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      }
      String reason = why == null ? "it ended unasked" : why;
      if (!awaited.completeExceptionally(new IllegalStateException(reason))) {
        listener.stuck("The worker, which calls handlers in Java, is gone: " + reason);
      }
    }
  }
}
