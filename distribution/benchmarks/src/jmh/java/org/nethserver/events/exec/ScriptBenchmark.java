package org.nethserver.events.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An events directory of a real file system, whose one step is the program {@code true}. */
@State(Scope.Benchmark)
public class ScriptBenchmark {
  private static final Path PROGRAM = Path.of("/bin/true");
  private static final int AT_ONCE = 8;
  private static final int RUNS = 64;
  private static final byte[] PAYLOAD = {'{', '}'};
  private static final EventName ANSWERED = new EventName("certificate-updated");
  private static final EventName UNKNOWN = new EventName("nobody-cared");

  private Path events;
  private StepSource source;
  private Step step;
  private StepRun run;

  /** Lays the directory. */
  @Setup
  public void open() throws IOException {
    events = Files.createTempDirectory("events-benchmark");
    Path directory = Files.createDirectory(events.resolve(ANSWERED.text()));
    Files.createSymbolicLink(directory.resolve("10true"), PROGRAM);
    source =
        new ScriptStepProvider()
            .open(new AgentSettings("module/m1", List.of(events), AgentSettings.Trust.ANY))
            .getFirst();
    if (!(source.entries(ANSWERED).getFirst().disposition() instanceof Disposition.Runs runs)) {
      throw new IllegalStateException("no step: " + source.entries(ANSWERED));
    }
    step = runs.step();
    Event event =
        new Event(
            "1",
            Channel.parse("module/m1/event/" + ANSWERED),
            Payload.wrap(PAYLOAD),
            Instant.EPOCH);
    run = new StepRun(event, "1", Variables.NONE.with("PATH", "/usr/bin:/bin"), events);
  }

  /** Closes and deletes it. */
  @TearDown
  public void close() throws IOException {
    source.close();
    Files.delete(events.resolve(ANSWERED.text()).resolve("10true"));
    Files.delete(events.resolve(ANSWERED.text()));
    Files.delete(events);
  }

  /** Looks up an event that has a step. */
  @Benchmark
  public List<StepEntry> lookUp() {
    return source.entries(ANSWERED);
  }

  /** Looks up an event that has no directory. */
  @Benchmark
  public List<StepEntry> lookUpUnknown() {
    return source.entries(UNKNOWN);
  }

  /** Runs the program, from the call to its end. */
  @Benchmark
  public void run() {
    Ends ends = new Ends(1);
    start(ends);
    ends.await();
  }

  /** The same, eight at once, started by one thread as the agent does. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void runAtOnce() {
    Ends ends = new Ends(AT_ONCE);
    for (int i = 0; i < RUNS; i++) {
      start(ends);
    }
    ends.await();
  }

  /** Runs the program by what Java has for it. */
  @Benchmark
  public int processBuilder() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(PROGRAM.toString()).start();
    try (OutputStream input = process.getOutputStream()) {
      input.write(PAYLOAD);
    } catch (IOException e) {
      // It ended before: no error, and the rest is measured all the same.
      process.waitFor();
    }
    process.getInputStream().readAllBytes();
    process.getErrorStream().readAllBytes();
    return process.waitFor();
  }

  private void start(Ends ends) {
    ends.places.acquireUninterruptibly();
    step.start(run, ends);
  }

  /** Gives a place back at each end. */
  private static final class Ends implements StepListener {
    private final int count;
    private final Semaphore places;

    Ends(int count) {
      this.count = count;
      this.places = new Semaphore(count);
    }

    void await() {
      places.acquireUninterruptibly(count);
    }

    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {}

    @Override
    public void ended(Outcome outcome) {
      if (!(outcome instanceof Outcome.Completed)) {
        System.err.println("the step ended otherwise: " + outcome);
      }
      places.release();
    }
  }
}
