package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The built image's {@code bin/events-agent}, started as a process: see {@link Launch}. */
final class ContractAgent {
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final Redis redis;
  private final String id;
  private final String marker;
  private final Transcript out;
  private final Transcript err;

  ContractAgent(Process process, Redis redis, String id, String marker) {
    this.process = process;
    this.redis = redis;
    this.id = id;
    this.marker = marker;
    this.out = new Transcript("stdout of agent " + id, process.getInputStream());
    this.err = new Transcript("stderr of agent " + id, process.getErrorStream());
  }

  /** Returns the built image. */
  static Path image() {
    String given = System.getProperty("events.image", "");
    Path image =
        Path.of(given.isEmpty() ? "../distribution/target/events" : given)
            .toAbsolutePath()
            .normalize();
    if (!Files.isExecutable(image.resolve("bin/events-agent"))) {
      throw new AssertionError("no image at " + image + "; build it first: mvn package");
    }
    return image;
  }

  long pid() {
    return process.pid();
  }

  String id() {
    return id;
  }

  /** Waits until the server counts the agent's subscription. */
  ContractAgent awaitSubscribed() {
    Await.until(
        "the agent is subscribed",
        Await.LIMIT,
        () -> {
          if (!process.isAlive()) {
            awaitExit();
            throw new AssertionError("the agent ended\n" + said());
          }
          return redis.clients().stream().anyMatch(client -> Redis.subscribes(client, id));
        },
        this::said);
    return this;
  }

  /** Returns the agent's own lines so far. */
  List<String> lines() {
    return err.texts();
  }

  /** Returns the agent's own lines so far that contain a text. */
  List<String> lines(String part) {
    return lines().stream().filter(line -> line.contains(part)).toList();
  }

  /** Returns the agent's own lines with their times. */
  List<Transcript.Line> timedLines() {
    return err.lines();
  }

  /** Returns the lines of steps so far. */
  List<String> stepLines() {
    return out.texts();
  }

  /** Returns the lines of steps so far as bytes. */
  List<byte[]> stepBytes() {
    return out.lines().stream().map(Transcript.Line::bytes).toList();
  }

  /** Waits for a line of the agent that contains the text, and returns the first. */
  String awaitLine(String part) {
    return awaitLine("a line with: " + part, line -> line.contains(part));
  }

  /** Waits for a line of the agent, and returns the first. */
  String awaitLine(String wanted, Predicate<String> matches) {
    Await.until(wanted, Await.LIMIT, () -> lines().stream().anyMatch(matches), this::said);
    return lines().stream().filter(matches).findFirst().orElseThrow();
  }

  /** Waits until so many lines of the agent contain the text. */
  void awaitLines(String part, int count) {
    Await.until(
        count + " lines with: " + part, Await.LIMIT, () -> lines(part).size() >= count, this::said);
  }

  /**
   * Waits until so many lines of steps match, and returns these. Also needed when a run has ended:
   * its last line and the lines of its steps come by two pipes.
   */
  List<String> awaitStepLines(int count, Predicate<String> matches) {
    Await.until(
        count + " lines of steps",
        Await.LIMIT,
        () -> stepLines().stream().filter(matches).count() >= count,
        this::said);
    return stepLines().stream().filter(matches).toList();
  }

  /** Publishes an event and waits for the end of its run. */
  String run(String channel, String payload) {
    return run(channel, () -> redis.publish(channel, payload));
  }

  /**
   * Does something that publishes an event, and waits for the end of its run.
   *
   * @return what the run's last line says, such as {@code "completed" (0) at step 10a}
   */
  String run(String channel, Runnable publishing) {
    String exited = "Handler of " + channel + " exited with status ";
    int before = lines(exited).size();
    publishing.run();
    awaitLines(exited, before + 1);
    return lines(exited).get(before).substring(exited.length());
  }

  /** Sends a signal to the agent. */
  void signal(String name) {
    Shell.signal(name, pid());
  }

  /** Waits until the agent has ended, and returns its exit code; 128 + N after signal N. */
  int awaitExit() {
    try {
      if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the agent does not end\n" + said());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    out.awaitEnd();
    err.awaitEnd();
    return process.exitValue();
  }

  boolean running() {
    return process.isAlive();
  }

  /** Returns the processes that the agent started, directly or not, and that live. */
  List<Long> offspring() {
    return Processes.with(marker).stream()
        .filter(pid -> pid != pid() && Processes.alive(pid))
        .toList();
  }

  /** Ends the agent, kills what is left of its steps, and fails if anything was. */
  void end() {
    boolean obeyed = true;
    try {
      if (process.isAlive()) {
        process.destroy();
        obeyed = process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    List<Long> left = offspring();
    String leftovers = Processes.describe(left);
    left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    if (!obeyed) {
      throw new AssertionError("the agent did not end by SIGTERM\n" + said());
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind:\n" + leftovers + said());
    }
  }

  /** Returns all that the agent and its steps said, for a failure's message. */
  String said() {
    return "the agent said:\n"
        + String.join("\n", Stream.concat(tail(lines()), tail(stepLines())).toList());
  }

  private static Stream<String> tail(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 60), lines.size()).stream()
        .map(line -> line.length() > 400 ? line.substring(0, 400) + "…" : line);
  }

  /** Starts a process and takes its streams. */
  static Process start(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
