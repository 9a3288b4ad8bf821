package org.nethserver.events.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nethserver.events.api.Variables;

/**
 * The file that a module keeps its variables in, on top of those that its agent inherited. Every
 * event asks the file system for it, but it is read again only when it was changed.
 *
 * <p>Threads: the dispatch thread.
 */
final class EnvironmentFile {
  /** What differs when the file was written, replaced, or given other rights. */
  private static final String ATTRIBUTES = "unix:dev,ino,ctime";

  /**
   * A file changed twice within one tick of its file system's clock looks the same after both: what
   * is that young is not kept.
   */
  private static final Duration COARSEST_TICK = Duration.ofSeconds(2);

  private final Path file;
  private final Variables inherited;
  private final FileReading reading;
  private final Clock clock;
  private Optional<Kept> kept = Optional.empty();

  private record Kept(Map<String, Object> attributes, Variables variables) {}

  EnvironmentFile(Path file, Variables inherited, FileReading reading, Clock clock) {
    this.file = file;
    this.inherited = inherited;
    this.reading = reading;
    this.clock = clock;
  }

  /** Returns what the agent inherited alone. */
  Variables inherited() {
    return inherited;
  }

  /**
   * Returns the inherited variables and the file's.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  Variables variables() throws IOException {
    Map<String, Object> attributes = attributes();
    if (kept.isPresent() && kept.get().attributes().equals(attributes)) {
      return kept.get().variables();
    }
    // As one piece: what an event adds does not copy them.
    Variables variables = Variables.of(inherited.with(split(reading.read(file))).entries());
    kept = isSettled(attributes) ? Optional.of(new Kept(attributes, variables)) : Optional.empty();
    return variables;
  }

  /** Returns what to recognise the file by; nothing if the reading shall say what is wrong. */
  private Map<String, Object> attributes() {
    try {
      return Files.readAttributes(file, ATTRIBUTES);
    } catch (IOException e) {
      return Map.of();
    }
  }

  private boolean isSettled(Map<String, Object> attributes) {
    return attributes.get("ctime") instanceof FileTime changed
        && changed.toInstant().isBefore(clock.instant().minus(COARSEST_TICK));
  }

  private static List<byte[]> split(byte[] content) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= content.length; i++) {
      if (i == content.length || content[i] == '\n') {
        if (i > start) {
          lines.add(Arrays.copyOfRange(content, start, i));
        }
        start = i + 1;
      }
    }
    return lines;
  }
}
