package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;

/** A directory of plugins and an agent that loads them. */
final class PluginStage implements AutoCloseable, Plugins.Listener {
  /** Long for the plugins of tests, short for who waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Path directory;
  private final Path base;
  private final AgentSettings agent;
  final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private @Nullable Plugins plugins;

  PluginStage(Path temporary, Trust trust) {
    this.directory = temporary.resolve("plugins");
    this.base = temporary.resolve("run");
    this.agent = new AgentSettings("module/a1", List.of(), trust);
    try {
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        Files.createDirectory(base);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  Path base() {
    return base;
  }

  /** Loads what is in the directory, for the first time. */
  PluginReport load() {
    close();
    plugins =
        new Plugins(
            agent, List.of(directory), base, Limits.DEFAULT, new Counters(), PATIENCE, this);
    plugins.reload();
    return plugins.report();
  }

  Plugins plugins() {
    if (plugins == null) {
      throw new AssertionError("nothing is loaded");
    }
    return plugins;
  }

  List<StepSource> sources() {
    return plugins().sources(directory);
  }

  /** Returns the names of an event's steps. */
  List<String> steps(String event) {
    List<StepSource> sources = sources();
    try {
      return entries(sources, event).map(entry -> entry.name().toString()).toList();
    } finally {
      sources.forEach(StepSource::close);
    }
  }

  private static Stream<StepEntry> entries(List<StepSource> sources, String event) {
    return sources.stream().flatMap(source -> source.entries(new EventName(event)).stream());
  }

  /** Runs the steps of an event that are there now, and returns how the last one ended. */
  String run(String event) {
    List<StepSource> sources = sources();
    try {
      return run(sources, event);
    } finally {
      sources.forEach(StepSource::close);
    }
  }

  /** Runs the steps of some sources. */
  static String run(List<StepSource> sources, String event) {
    String last = "no step";
    for (StepEntry entry : entries(sources, event).toList()) {
      last =
          switch (entry.disposition()) {
            case Disposition.Runs runs -> run(runs, event);
            case Disposition.Refused refused -> "refused: " + refused.why();
            case Disposition.Masks _, Disposition.PassedOver _, Disposition.Document _ ->
                throw new AssertionError();
          };
    }
    return last;
  }

  /**
   * Starts the only step of an event and gives it up when it runs; returns what it is then.
   *
   * @param begun made by the step
   */
  String giveUp(String event, Path begun) {
    List<StepSource> sources = sources();
    try {
      if (entries(sources, event).findFirst().orElseThrow().disposition()
          instanceof Disposition.Runs runs) {
        Step.Execution call = start(runs, event, new ArrayList<>(), new LinkedBlockingQueue<>());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(begun)) {
          if (System.nanoTime() - deadline > 0) {
            throw new AssertionError("the step did not begin within 20 s");
          }
          Thread.onSpinWait();
        }
        call.stop(Duration.ZERO);
      }
      awaitTold();
      return run(sources, event);
    } finally {
      sources.forEach(StepSource::close);
    }
  }

  private static String run(Disposition.Runs runs, String event) {
    List<String> lines = new ArrayList<>();
    BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
    start(runs, event, lines, ended);
    Outcome outcome = poll(ended);
    return outcome instanceof Outcome.Completed ? "completed" : outcome + " " + lines;
  }

  private static Step.Execution start(
      Disposition.Runs runs, String event, List<String> lines, BlockingQueue<Outcome> ended) {
    Channel channel = Channel.parse("cluster/event/" + event);
    return runs.step()
        .start(
            new StepRun(
                new Event("1", channel, Payload.of(new byte[0]), Instant.EPOCH),
                "run-1",
                Variables.NONE,
                Path.of("/")),
            new StepListener() {
              @Override
              public void started() {}

              @Override
              public void output(Stream stream, byte[] line) {
                lines.add(new String(line, java.nio.charset.StandardCharsets.UTF_8));
              }

              @Override
              public void ended(Outcome outcome) {
                ended.add(outcome);
              }
            });
  }

  private static <T> T poll(BlockingQueue<T> queue) {
    try {
      T polled = queue.poll(20, TimeUnit.SECONDS);
      if (polled == null) {
        throw new AssertionError("nothing came within " + Duration.ofSeconds(20));
      }
      return polled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  String awaitTold() {
    return poll(told);
  }

  @Override
  public void problem(PluginProblem problem) {
    told.add(problem.toString().replace(directory.toString(), "DIR"));
  }

  @Override
  public void failed(Throwable failure) {
    told.add("failed: " + failure);
  }

  @Override
  public void stuck(String why) {
    told.add(why);
  }

  @Override
  public void close() {
    if (plugins != null) {
      plugins.close();
    }
  }
}
