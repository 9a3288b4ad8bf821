package org.nethserver.events.distribution.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;
import tools.jackson.databind.JsonNode;

/** The built agent with a state directory, and the commands that show its history. */
final class HistoryAgent implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(30);
  static final String ID = "module/mine1";

  private final RedisServer redis;
  private final Path directory;
  private Process process;

  HistoryAgent(RedisServer redis, Path directory) throws IOException {
    this.redis = redis;
    this.directory = directory;
    Files.createFile(directory.resolve("environment"));
    Files.createDirectory(directory.resolve("events"));
  }

  static Path image() {
    return Path.of(System.getProperty("events.image", "../distribution/target/events"))
        .toAbsolutePath();
  }

  /** Writes a step for sh(1). */
  HistoryAgent step(String event, String name, String... lines) throws IOException {
    Path file = directory.resolve("events").resolve(event).resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return this;
  }

  Path states() {
    return directory.resolve("states");
  }

  Path files() {
    return states().resolve("module+mine1/runs");
  }

  /** Starts the agent as the only one of its process, and waits until it is subscribed. */
  HistoryAgent start(String... flags) throws IOException {
    List<String> all = new ArrayList<>();
    all.add("--agentid=" + ID);
    all.add("--eventsdir=" + directory.resolve("events"));
    all.add("--state-directory=" + states());
    all.addAll(List.of(flags));
    return startWith(all);
  }

  /** Starts a process with these flags alone. */
  HistoryAgent startWith(List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(image().resolve("bin/events-agent").toString());
    command.addAll(flags);
    long before = said("Subscribed to");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
    process = builder.start();
    Eventually.await("the agent subscribes", LIMIT, () -> said("Subscribed to") > before);
    return this;
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** Returns the lines of the log so far. */
  List<String> lines() throws IOException {
    return Files.exists(log())
        ? new String(Files.readAllBytes(log()), UTF_8).lines().toList()
        : List.of();
  }

  /** Returns how many lines of the log contain a text. */
  long said(String part) throws IOException {
    return lines().stream().filter(line -> line.contains(part)).count();
  }

  void awaitSaid(String part, long count) {
    Eventually.await(count + " lines with: " + part, LIMIT, () -> said(part) >= count);
  }

  /** Publishes an event and waits for the end of its run. */
  void run(String channel) throws IOException {
    String ended = "Handler of " + channel + " exited with";
    long before = said(ended);
    redis.publish(channel, "{}");
    awaitSaid(ended, before + 1);
  }

  long pid() {
    return process.pid();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
  }

  void end() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the agent ends by SIGTERM");
  }

  /**
   * What a command said.
   *
   * @param code its exit code, and so on
   */
  record Said(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  /** Types {@code events runs}. */
  Said runs(String... arguments) throws IOException, InterruptedException {
    return runsOf(ID, arguments);
  }

  Said runsOf(String agent, String... arguments) throws IOException, InterruptedException {
    Process typed = typing(agent, arguments).start();
    typed.getOutputStream().close();
    String out = new String(typed.getInputStream().readAllBytes(), UTF_8);
    assertTrue(typed.waitFor(60, TimeUnit.SECONDS));
    return new Said(typed.exitValue(), out, Files.readString(directory.resolve("err")));
  }

  ProcessBuilder typing(String agent, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(image().resolve("bin/events").toString());
    command.add("runs");
    command.add("--agentid=" + agent);
    command.add("--state-directory=" + states());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(directory.resolve("err").toFile());
  }

  /** Returns what {@code events runs --json} tells of all runs. */
  List<JsonNode> all(String... arguments) throws IOException, InterruptedException {
    return allOf(ID, arguments);
  }

  List<JsonNode> allOf(String agent, String... arguments) throws IOException, InterruptedException {
    List<String> more = new ArrayList<>(List.of(arguments));
    more.add("--json");
    Said said = runsOf(agent, more.toArray(String[]::new));
    assertEquals(0, said.code(), said.toString());
    return said.lines().stream().map(HistoryAgent::parse).toList();
  }

  private static JsonNode parse(String line) {
    return JsonText.read(ByteBuffer.wrap(line.getBytes(UTF_8)))
        .root()
        .orElseThrow(() -> new AssertionError("no JSON: " + line));
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
