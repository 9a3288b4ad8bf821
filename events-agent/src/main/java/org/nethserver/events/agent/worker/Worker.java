package org.nethserver.events.agent.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.Plugins;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepSource;

/**
 * The process that loads and calls the handlers of one agent, as the agent's user. It obeys the
 * agent that started it by a pipe, and tells it by another; it ends with the first.
 *
 * <p>Threads: {@code main} reads and starts; calls and plugins have theirs, as in an agent.
 */
public final class Worker implements Plugins.Listener {
  private final DataOutputStream out;
  private final Plugins plugins;

  /** By the number of the loading that told of them; main thread. */
  private final Map<Integer, Map<Path, List<StepSource>>> loadings = new HashMap<>();

  /** By the number of the call. */
  private final Map<Long, Step.Execution> calls = new ConcurrentHashMap<>();

  private final List<Path> directories;
  private volatile int loading;
  private volatile boolean ending;

  private Worker(ToWorker.Begin begin, DataOutputStream out) {
    this.out = out;
    this.directories = begin.directories();
    this.plugins =
        new Plugins(
            new AgentSettings(begin.agent(), List.of(), begin.trust()),
            begin.directories(),
            Path.of(System.getProperty("java.io.tmpdir")),
            new Limits(
                begin.places(), Limits.DEFAULT.queue(), Limits.DEFAULT.ordering(), begin.limit()),
            new Counters(),
            this);
  }

  /** Works until the agent has no more to say. */
  public static void run() throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(WorkerCommand.FROM_AGENT)));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(WorkerCommand.TO_AGENT)));
    if (!(Wire.readToWorker(in) instanceof ToWorker.Begin begin)) {
      throw new IOException("a worker is started by an agent, not by hand");
    }
    Worker worker = new Worker(begin, out);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::exited, "exit"));
    worker.load();
    ToWorker message;
    while ((message = Wire.readToWorker(in)) != null) {
      worker.obey(message);
    }
    worker.ending = true;
    worker.plugins.close();
  }

  private void obey(ToWorker message) throws IOException {
    switch (message) {
      case ToWorker.Begin _ -> throw new IOException("begun already");
      case ToWorker.Reload _ -> load();
      case ToWorker.Release release -> release(release.loading());
      case ToWorker.Start start -> start(start);
      case ToWorker.Stop stop -> {
        Step.Execution execution = calls.get(stop.call());
        if (execution != null) {
          execution.stop(stop.grace());
        }
      }
    }
  }

  private void load() {
    List<String> changes = plugins.reload();
    if (changes.isEmpty() && loading > 0) {
      tell(new FromWorker.Loaded(loading, changes, plugins.report()));
      return;
    }
    int next = loading + 1;
    Map<Path, List<StepSource>> sources = new HashMap<>();
    directories.forEach(directory -> sources.put(directory, plugins.sources(directory)));
    loadings.put(next, sources);
    loading = next;
    tell(new FromWorker.Loaded(next, changes, plugins.report()));
  }

  private void release(int old) {
    Map<Path, List<StepSource>> sources = old == loading ? null : loadings.remove(old);
    if (sources != null) {
      plugins.execute(() -> sources.values().forEach(some -> some.forEach(StepSource::close)));
    }
  }

  private void start(ToWorker.Start start) {
    StepListener listener = new Listener(start.call());
    Disposition found = find(start);
    switch (found) {
      case Disposition.Runs runs -> {
        try {
          Step.Execution execution = runs.step().start(start.run(), listener);
          calls.computeIfPresent(start.call(), (_, _) -> execution);
        } catch (Throwable e) {
          ForeignFailure.rethrowFatal(e);
          listener.ended(new Outcome.Skipped("it failed to start: " + ForeignFailure.text(e)));
        }
      }
      case Disposition.Refused refused -> listener.ended(new Outcome.Skipped(refused.why()));
      case Disposition.Masks _, Disposition.PassedOver _, Disposition.Document _ ->
          listener.ended(
              new Outcome.Skipped(
                  "its plugin has changed since it was loaded; reload the agent to use it"));
    }
  }

  private Disposition find(ToWorker.Start start) {
    Map<Path, List<StepSource>> sources =
        loadings.getOrDefault(start.loading(), loadings.getOrDefault(loading, Map.of()));
    for (StepSource source : sources.getOrDefault(start.directory(), List.of())) {
      for (StepEntry entry : source.entries(start.run().event().name())) {
        if (Arrays.equals(entry.name().bytes(), start.step())) {
          return entry.disposition();
        }
      }
    }
    return new Disposition.PassedOver("not there");
  }

  /** One message after the other; a handler that writes waits until the agent has read. */
  private synchronized void tell(FromWorker message) {
    try {
      Wire.write(out, message);
      out.flush();
    } catch (IOException e) {
      // Nobody listens any more, or more was to be said than can be.
      System.err.println("<3>The worker ends: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  private void exited() {
    if (!ending) {
      List<String> running = new ArrayList<>(plugins.running());
      System.err.println(
          "<2>A plugin has called System.exit, and its worker ends at once. Handlers that ran: "
              + (running.isEmpty() ? "none" : String.join(", ", running))
              + ". Let it return HandlerResult.failure instead");
    }
  }

  @Override
  public void problem(PluginProblem problem) {
    tell(new FromWorker.Complaint(problem.toString()));
  }

  @Override
  public void stuck(String why) {
    tell(new FromWorker.Complaint(why));
  }

  @Override
  public void failed(Throwable failure) {
    tell(
        new FromWorker.Complaint(
            "The worker's loading of plugins failed: " + ForeignFailure.text(failure)));
  }

  private final class Listener implements StepListener {
    private final long call;

    Listener(long call) {
      this.call = call;
      calls.put(call, _ -> {});
    }

    /** The agent has told so when it sent the call here. */
    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {
      tell(new FromWorker.Output(call, stream, line));
    }

    @Override
    public void ended(Outcome outcome) {
      calls.remove(call);
      tell(new FromWorker.Ended(call, outcome));
    }
  }
}
