package org.nethserver.events.agent.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nethserver.events.agent.plugins.AgentPlugins;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.Plugins;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.StepUser;

/**
 * Measures what a worker costs beside a call in the same process: its start by the first call,
 * calls while it runs, and its memory. As root, after {@code mvn -DskipTests package}, where the
 * image can be read by all users:
 *
 * <pre>{@code
 * plugin=$(mktemp -d); chmod 755 "$plugin"
 * agent=org.nethserver.events.agent
 * java -cp events-api/target/classes:events-agent/target/classes:events-agent/target/test-classes \
 *   $agent.worker.WorkerBenchmark "$plugin"
 * distribution/target/events/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
 *   -Dorg.nethserver.events.worker.idle=1000 \
 *   --patch-module $agent=events-agent/target/test-classes \
 *   -m $agent/$agent.worker.WorkerBenchmark "$plugin" 12345 10 20000
 * }</pre>
 *
 * <p>The first java is one of a JDK 25 and makes the plugin: the image has no compiler.
 */
final class WorkerBenchmark {
  private static final String EVENT = "user-created";
  private static final int SIDE_BY_SIDE = 32;
  private static final Variables VARIABLES =
      Variables.of(List.of("PATH=/usr/bin:/bin".getBytes(StandardCharsets.UTF_8)));

  private final Path directory;

  private WorkerBenchmark(Path directory) {
    this.directory = directory;
  }

  /**
   * Prints the figures.
   *
   * @param arguments a directory for the plugin; then the user's number, how many starts to
   *     measure, and how many calls
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    if (arguments.length == 1) {
      // Its payload is where it notes when it was called, if it is not empty.
      PluginCompiler.modular(
              "bench",
              "20bench",
              EVENT,
              "if (event.payload().size() > 0) { java.nio.file.Files.writeString("
                  + "java.nio.file.Path.of(event.payload().text()),"
                  + " Long.toString(System.nanoTime())); }"
                  + "return HandlerResult.success();")
          .jar(directory.resolve("bench.jar"));
      return;
    }
    WorkerBenchmark benchmark = new WorkerBenchmark(directory);
    int uid = Integer.parseInt(arguments[1]);
    int calls = Integer.parseInt(arguments[3]);
    try (AgentPlugins worker = benchmark.worker(uid)) {
      worker.reload();
      benchmark.starts(worker, uid, Integer.parseInt(arguments[2]));
      benchmark.calls("worker", worker, calls);
      printMemory();
    }
    try (AgentPlugins own = benchmark.own()) {
      own.reload();
      benchmark.calls("in process", own, calls);
    }
  }

  private AgentPlugins worker(int uid) {
    StepUser.Other user = new StepUser.Other("bench", uid, uid, List.of(uid));
    AgentSettings agent = new AgentSettings("module/bench1", List.of(), Trust.OWNER, user);
    return new WorkerPlugins(
        agent,
        user,
        List.of(directory),
        Limits.DEFAULT,
        VARIABLES,
        new Complaining(),
        (_, line) -> System.err.println(line));
  }

  private AgentPlugins own() {
    return new Plugins(
        new AgentSettings("module/bench1", List.of(), Trust.OWNER),
        List.of(directory),
        Path.of(System.getProperty("java.io.tmpdir")),
        Limits.DEFAULT,
        new Counters(),
        new Complaining());
  }

  private Step step(AgentPlugins plugins) {
    List<StepSource> sources = plugins.sources(directory);
    if (sources.isEmpty()) {
      throw new AssertionError("nothing is loaded: " + plugins.report().problems());
    }
    Disposition found = sources.getFirst().entries(run("").event().name()).getFirst().disposition();
    return switch (found) {
      case Disposition.Runs runs -> runs.step();
      case Disposition.Refused _,
          Disposition.Masks _,
          Disposition.PassedOver _,
          Disposition.Document _ ->
          throw new AssertionError("" + found);
    };
  }

  private static StepRun run(String payload) {
    Event event =
        new Event("e", Channel.parse("cluster/event/" + EVENT), Payload.of(payload), Instant.EPOCH);
    return new StepRun(event, "r", VARIABLES, Path.of("/"));
  }

  /** From the call that finds no worker to the handler's first instruction. */
  private void starts(AgentPlugins plugins, int uid, int starts)
      throws IOException, InterruptedException {
    Step step = step(plugins);
    Path note = Files.createTempFile("bench-", "");
    Files.setAttribute(note, "unix:uid", uid);
    long[] took = new long[starts];
    for (int i = 0; i < starts; i++) {
      awaitNoWorker();
      long begin = System.nanoTime();
      call(step, run(note.toString()));
      took[i] = Long.parseLong(Files.readString(note)) - begin;
    }
    Files.delete(note);
    Arrays.sort(took);
    System.out.printf(
        "start to handle: %.0f ms median, %.0f to %.0f of %d%n",
        took[starts / 2] / 1e6, took[0] / 1e6, took[starts - 1] / 1e6, starts);
  }

  private void calls(String name, AgentPlugins plugins, int calls) throws InterruptedException {
    Step step = step(plugins);
    long[] took = new long[calls];
    for (int round = 0; round < 2; round++) { // the first warms up
      for (int i = 0; i < calls; i++) {
        long begin = System.nanoTime();
        call(step, run(""));
        took[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(took);
    long begin = System.nanoTime();
    sideBySide(step, calls);
    System.out.printf(
        "%s: a call and its end %.0f µs p50, %.0f µs p99; %,.0f a second, %d side by side%n",
        name,
        took[calls / 2] / 1e3,
        took[calls * 99 / 100] / 1e3,
        calls / ((System.nanoTime() - begin) / 1e9),
        SIDE_BY_SIDE);
  }

  private static void call(Step step, StepRun run) throws InterruptedException {
    BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
    step.start(run, new Ending(ended::add));
    Outcome outcome = ended.take();
    if (!(outcome instanceof Outcome.Completed)) {
      throw new AssertionError("" + outcome);
    }
  }

  private static void sideBySide(Step step, int calls) throws InterruptedException {
    AtomicLong left = new AtomicLong(calls);
    CountDownLatch ended = new CountDownLatch(calls);
    // One thread starts, as the dispatch thread does.
    BlockingQueue<Boolean> next = new LinkedBlockingQueue<>();
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
      next.add(true);
    }
    while (left.getAndDecrement() > 0) {
      next.take();
      step.start(
          run(""),
          new Ending(
              _ -> {
                ended.countDown();
                next.add(true);
              }));
    }
    ended.await();
  }

  private static Stream<ProcessHandle> workers() {
    return ProcessHandle.current().children();
  }

  private static void awaitNoWorker() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (workers().findAny().isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the worker does not end");
      }
      Thread.onSpinWait();
    }
  }

  private static void printMemory() throws IOException {
    for (ProcessHandle worker : workers().toList()) {
      String sizes =
          String.join(
              ", ",
              Files.readAllLines(Path.of("/proc/" + worker.pid() + "/smaps_rollup")).stream()
                  .filter(line -> line.matches("(Rss|Pss|Private_Dirty):.*"))
                  .map(line -> line.replaceAll("\\s+", " "))
                  .toList());
      System.out.println("worker after these calls: " + sizes);
    }
  }

  private record Ending(Consumer<Outcome> whenEnded) implements StepListener {
    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {}

    @Override
    public void ended(Outcome outcome) {
      whenEnded.accept(outcome);
    }
  }

  private static final class Complaining implements Plugins.Listener {
    @Override
    public void problem(PluginProblem problem) {
      System.err.println(problem);
    }

    @Override
    public void stuck(String why) {
      System.err.println(why);
    }

    @Override
    public void failed(Throwable failure) {
      failure.printStackTrace();
    }
  }
}
