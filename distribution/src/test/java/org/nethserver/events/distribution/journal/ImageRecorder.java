package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nethserver.events.distribution.contract.Processes;
import org.nethserver.events.redis.testing.Eventually;

/** A recorder of the built image, and what it says. */
final class ImageRecorder implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;

  private ImageRecorder(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one, and does not wait for it.
   *
   * @param log where to keep what it says
   * @param environment its variables, such as the address of Redis
   * @param flags its command line
   */
  static ImageRecorder start(Path log, Map<String, String> environment, List<String> flags)
      throws IOException {
    Path image =
        Path.of(System.getProperty("events.image", "../distribution/target/events"))
            .toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(image.resolve("bin/events").toString(), "recorder"),
                        flags.stream())
                    .toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new ImageRecorder(builder.start(), log);
  }

  /** Returns how often it has said something. */
  long said(String text) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(text)).count();
    }
  }

  /** Returns how often it has said that it records, which is once each time that it begins. */
  long recordings() throws IOException {
    return said("Recording to");
  }

  /** Waits until it has said so more than some times. */
  void awaitRecording(long before) {
    Eventually.await(log.getFileName() + " records", LIMIT, () -> recordings() > before);
  }

  /** Returns the bytes that it has in memory. */
  long memory() {
    return Processes.memory(process.pid());
  }

  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  /** Ends it with SIGKILL, and does not wait for its end. */
  void kill() {
    process.destroyForcibly();
  }

  void awaitEnd() throws InterruptedException {
    assertTrue(process.waitFor(10, TimeUnit.SECONDS), () -> log.getFileName() + " goes on");
  }

  @Override
  public void close() {
    kill();
  }
}
