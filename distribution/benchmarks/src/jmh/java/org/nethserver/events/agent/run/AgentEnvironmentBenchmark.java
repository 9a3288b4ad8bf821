package org.nethserver.events.agent.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.IntStream;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The variables of an event's steps: 30 of the agent, 20 of its file, those of the event. */
@State(Scope.Benchmark)
public class AgentEnvironmentBenchmark {
  private static final int INHERITED = 30;
  private static final int LINES = 20;

  private final Event event =
      new Event(
          "1",
          Channel.parse("module/m1/event/certificate-updated"),
          Payload.of("{}"),
          Instant.parse("2026-01-02T03:04:05.678901Z"));

  private Path directory;
  private AgentEnvironment environment;
  private Variables variables;

  private static String line(String name, int number) {
    return name + number + "=the value of number " + number;
  }

  /**
   * Lays the file. It is kept in memory only once it is two seconds old: the warm-up sees to it.
   */
  @Setup
  public void lay() throws IOException {
    directory = Files.createTempDirectory("events-benchmark");
    Path file = directory.resolve(AgentEnvironment.FILE);
    Files.write(file, IntStream.range(0, LINES).mapToObj(i -> line("FILE", i)).toList());
    Variables inherited =
        Variables.of(
            IntStream.range(0, INHERITED)
                .mapToObj(i -> line("INHERITED", i).getBytes(StandardCharsets.US_ASCII))
                .toList());
    environment = new AgentEnvironment(directory, inherited);
    variables = variables();
  }

  /** Deletes the file. */
  @TearDown
  public void clear() throws IOException {
    Files.delete(directory.resolve(AgentEnvironment.FILE));
    Files.delete(directory);
  }

  /** Looks whether the file has changed, and puts all together. */
  @Benchmark
  public Variables variables() {
    return environment.variables(
        event,
        why -> {
          throw new IllegalStateException(why);
        });
  }

  /** Adds the one of a step, and lists all as a program gets them. */
  @Benchmark
  public Collection<byte[]> ofStep() {
    return variables.with("AGENT_STEP_RUN", "1").entries();
  }
}
