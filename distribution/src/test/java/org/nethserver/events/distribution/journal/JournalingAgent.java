package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nethserver.events.redis.testing.Eventually;

/**
 * The built agent with a journal, in a directory of its own. It has two steps for one event, each
 * of which appends a line to a file in one write, and one for {@code events-missed}.
 */
final class JournalingAgent implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("(\\S+) (\\d+) (\\d) \\{\"channel\":(\\d+),\"number\":(\\d+)}");

  private final String id;
  private final Path directory;
  private final Path ran;
  private final List<String> flags;
  private final String event;
  private String address;
  private Path states;
  private Process process;
  private final List<Line> lines = new ArrayList<>();
  private int read;

  /**
   * What a step wrote.
   *
   * @param id the event's, and so on
   */
  record Line(String id, int delivery, int step, int channel, int number) {}

  JournalingAgent(Path base, String name, String address, String event, String... flags)
      throws IOException {
    this.id = "module/" + name;
    this.directory = Files.createDirectories(base.resolve(name));
    this.address = address;
    this.event = event;
    this.ran = Files.createFile(directory.resolve("ran"));
    this.states = directory.resolve("states");
    this.flags = List.of(flags);
    Files.createFile(directory.resolve("missed"));
    Files.createFile(directory.resolve("environment"));
    step(event, 1, "");
    step(event, 2, "");
    script("events-missed/10note", "echo \"$payload\" >> '" + directory + "/missed'");
  }

  /** Says what a step does before it writes its line. */
  JournalingAgent step(String name, int step, String before) throws IOException {
    script(
        name + "/" + step + "0write",
        before,
        "echo \"$AGENT_EVENT_ID $AGENT_EVENT_DELIVERY " + step + " $payload\" >> '" + ran + "'");
    return this;
  }

  /** Has a step wait, before it writes its line, until {@link #letGo} is called. */
  JournalingAgent holdAt(int step) throws IOException {
    return step(event, step, "while [ ! -e '" + gate() + "' ]; do sleep 0.02; done");
  }

  private Path gate() {
    return directory.resolve("gate");
  }

  void letGo() throws IOException {
    Files.createFile(gate());
  }

  private void script(String path, String... commands) throws IOException {
    Path file = directory.resolve("events").resolve(path);
    Files.createDirectories(file.getParent());
    String text = "#!/bin/sh\nread -r payload\n" + String.join("\n", commands) + "\n";
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  JournalingAgent states(Path other) {
    states = other;
    return this;
  }

  String id() {
    return id;
  }

  /**
   * What a command said.
   *
   * @param code its exit code
   * @param text all that it printed
   */
  record Said(int code, String text) {}

  /** Types a command about this agent. */
  Said type(String command, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            JournalCluster.image().resolve("bin/events").toString(),
                            command,
                            "--agentid=" + id,
                            "--state-directory=" + states),
                        Stream.of(arguments))
                    .toList())
            .redirectErrorStream(true);
    builder.environment().put("REDIS_ADDRESS", address);
    Process typed = builder.start();
    typed.getOutputStream().close();
    String text = new String(typed.getInputStream().readAllBytes(), UTF_8);
    assertTrue(typed.waitFor(60, TimeUnit.SECONDS));
    return new Said(typed.exitValue(), text);
  }

  Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            JournalCluster.image().resolve("bin/events-agent").toString(),
                            "--agentid=" + id,
                            "--eventsdir=" + directory.resolve("events"),
                            "--journal",
                            "--state-directory=" + states),
                        flags.stream())
                    .toList())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    builder.environment().put("REDIS_ADDRESS", address);
    return builder.start();
  }

  JournalingAgent start() throws IOException {
    process = launch();
    return this;
  }

  /** Starts it for the first time, and waits until it knows where the journal is. */
  JournalingAgent begin() throws IOException {
    start();
    Eventually.await(
        "the agent knows the journal",
        JournalCluster.LIMIT,
        () -> Files.readString(state()).contains("C "));
    return this;
  }

  Path state() throws IOException {
    try (Stream<Path> files = Files.list(states.resolve(id.replace('/', '+')))) {
      return files
          .filter(file -> file.getFileName().toString().matches("journal-[0-9a-z]+"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Returns how many bytes of memory it held at most so far. */
  long mostMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum()
        * 1024;
  }

  /** Ends it with SIGKILL and waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
  }

  /** Ends it with SIGTERM and waits for its end. */
  void end() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the agent ends by SIGTERM");
  }

  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** Returns how many lines of the log contain a text. */
  long said(String part) throws IOException {
    return log().lines().filter(line -> line.contains(part)).count();
  }

  void awaitSaid(String part) {
    Eventually.await("it says: " + part, JournalCluster.LIMIT, () -> said(part) > 0);
  }

  /** Returns the payloads of {@code events-missed}. */
  List<String> missed() throws IOException {
    return Files.readAllLines(directory.resolve("missed"));
  }

  /** Waits until it knows the end of all that it began: a step is not done with its last line. */
  void awaitIdle() {
    Eventually.await(
        "nothing runs", JournalCluster.LIMIT, () -> StateLines.read(state()).open().isEmpty());
  }

  /** Returns what the steps wrote so far. */
  List<Line> lines() throws IOException {
    // Waiting tests ask each 2 ms: only what is new is taken apart.
    byte[] all = Files.readAllBytes(ran);
    String text = new String(Arrays.copyOfRange(all, read, all.length), UTF_8);
    int end = text.lastIndexOf('\n') + 1;
    text.substring(0, end).lines().map(JournalingAgent::parse).forEach(lines::add);
    read += end;
    return lines;
  }

  private static Line parse(String text) {
    Matcher line = LINE.matcher(text);
    assertTrue(line.matches(), text);
    return new Line(
        line.group(1),
        Integer.parseInt(line.group(2)),
        Integer.parseInt(line.group(3)),
        Integer.parseInt(line.group(4)),
        Integer.parseInt(line.group(5)));
  }

  void awaitLines(int count) {
    Eventually.await(count + " lines", JournalCluster.LIMIT, () -> lines().size() >= count);
  }

  /** Waits until the last event of each channel has ended; so have all before it. */
  void awaitLast(Traffic traffic) {
    int[] sent = traffic.sent();
    for (int channel = 0; channel < sent.length; channel++) {
      int mine = channel;
      int last = sent[channel] - 1;
      Eventually.await(
          id + " runs number " + last + " of channel " + mine,
          JournalCluster.LIMIT.multipliedBy(5),
          () -> last < 0 || lines().stream().anyMatch(line -> isLast(line, mine, last)));
    }
  }

  private static boolean isLast(Line line, int channel, int number) {
    return line.step() == 2 && line.channel() == channel && line.number() == number;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
