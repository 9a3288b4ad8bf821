package org.nethserver.events.distribution.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nethserver.events.redis.testing.Eventually;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An agent's directories and surroundings, which are well until a test breaks something. */
final class Patient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration PROMISED = Duration.ofSeconds(5);

  final Path root;
  final Map<String, String> variables = new HashMap<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<String> wrapper = new ArrayList<>();

  Patient(Path root, int port) throws IOException {
    this.root = root;
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(root.resolve("work"));
    Files.writeString(root.resolve("work/environment"), "");
    step("user-created", "10greet");
    variables.put("REDIS_ADDRESS", "127.0.0.1:" + port);
  }

  /** What the doctor found. */
  record Report(int code, List<JsonNode> findings, Duration took) {
    /** Returns what of it is no {@code ok}, as lines {@code severity name: finding | cure}. */
    List<String> bad(String... severities) {
      return findings.stream()
          .filter(finding -> List.of(severities).contains(finding.path("severity").asString()))
          .map(Report::line)
          .toList();
    }

    /** Returns what was found under a name. */
    List<String> of(String name) {
      return findings.stream()
          .filter(finding -> finding.path("name").asString().equals(name))
          .map(Report::line)
          .toList();
    }

    private static String line(JsonNode finding) {
      return finding.path("severity").asString()
          + " "
          + finding.path("name").asString()
          + ": "
          + finding.path("finding").asString()
          + (finding.has("cure") ? " | " + finding.path("cure").asString() : "");
    }
  }

  Path events() {
    return root.resolve("events");
  }

  Path state() {
    return root.resolve("state");
  }

  Path step(String event, String name) throws IOException {
    Path file = Files.createDirectories(events().resolve(event)).resolve(name);
    Files.writeString(file, "#!/bin/sh\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /** Lets another program start what this starts. */
  Patient under(String... command) {
    wrapper.addAll(List.of(command));
    return this;
  }

  /** Runs the doctor on the agent's usual flags, and reads what it found. */
  Report examine(String... flags) throws IOException, InterruptedException {
    return report(
        run(
            Stream.concat(
                    Stream.of("--agentid=module/test1", "--eventsdir=" + events(), "--json"),
                    Stream.of(flags))
                .toArray(String[]::new)));
  }

  /** The same for an agent with a journal. */
  Report examineWithJournal(String... flags) throws IOException, InterruptedException {
    return examine(
        Stream.concat(Stream.of("--journal", "--state-directory=" + state()), Stream.of(flags))
            .toArray(String[]::new));
  }

  static Report report(Said said) {
    assertEquals("", said.err());
    // A start of a JVM on a busy machine is not the doctor's.
    assertTrue(said.took().compareTo(PROMISED.plusSeconds(2)) < 0, () -> "it took " + said.took());
    List<JsonNode> findings = new ArrayList<>();
    JsonMapper.builder().build().readTree(said.out()).forEach(findings::add);
    assertTrue(said.code() != 0 || !findings.isEmpty());
    return new Report(said.code(), findings, said.took());
  }

  /** What a command wrote, and its end. */
  record Said(int code, String out, String err, Duration took) {}

  Said run(String... arguments) throws IOException, InterruptedException {
    Path err = root.resolve("err");
    long begun = System.nanoTime();
    Process process =
        builder("bin/events", Stream.concat(Stream.of("doctor"), Stream.of(arguments)))
            .redirectError(err.toFile())
            .start();
    processes.add(process);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new Said(process.exitValue(), out, Files.readString(err), took);
  }

  private ProcessBuilder builder(String program, Stream<String> arguments) {
    Path image =
        Path.of(System.getProperty("events.image", "../distribution/target/events"))
            .toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.of(wrapper.stream(), Stream.of(image.resolve(program).toString()), arguments)
                    .flatMap(words -> words)
                    .toList())
            .directory(root.resolve("work").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().putAll(variables);
    return builder;
  }

  /** Starts recorders and waits until they record. */
  Patient record(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      start("bin/events", "Recording to cluster/events", "recorder");
    }
    return this;
  }

  /** Starts the agent itself with a journal, and waits until it is subscribed. */
  Process agent() throws IOException {
    return start(
        "bin/events-agent",
        "Subscribed to ",
        "--agentid=module/test1",
        "--eventsdir=" + events(),
        "--journal",
        "--state-directory=" + state());
  }

  private Process start(String program, String awaited, String... arguments) throws IOException {
    Path log = Files.createTempFile(root, "log", "");
    Process process =
        builder(program, Stream.of(arguments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    processes.add(process);
    Eventually.await(
        awaited + " in " + Files.readString(log),
        LIMIT,
        () -> Files.readString(log).contains(awaited));
    return process;
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
