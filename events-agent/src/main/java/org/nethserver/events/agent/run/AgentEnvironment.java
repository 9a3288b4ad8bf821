package org.nethserver.events.agent.run;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Variables;

/**
 * Where an agent's steps run, and with which variables: the agent's own, then the lines of the file
 * {@code environment} in its directory, then what tells of the event.
 *
 * @param directory the absolute working directory
 * @param inherited the agent's own variables
 */
public record AgentEnvironment(Path directory, Variables inherited) {
  /** The name of the file that modules keep their variables in. */
  static final String FILE = "environment";

  private static final int MAX_FILE_SIZE = 1 << 20;

  /**
   * Returns the variables of an event's steps, the file read afresh.
   *
   * @param onMissing hears why the file could not be read; the other variables are returned
   */
  Variables variables(Event event, Consumer<String> onMissing) {
    List<byte[]> lines = new ArrayList<>();
    try {
      split(read(), lines);
    } catch (IOException e) {
      onMissing.accept(String.valueOf(e.getMessage()));
    }
    // Seconds at least, nanoseconds never: what date(1) and Python can read back.
    Instant time = event.time().truncatedTo(ChronoUnit.MICROS);
    add(lines, "AGENT_COMFD", "2");
    add(lines, "AGENT_EVENT_NAME", event.name().text());
    add(lines, "AGENT_EVENT_SOURCE", event.source().text());
    add(lines, "AGENT_EVENT_ID", event.id());
    add(lines, "AGENT_EVENT_TIME", DateTimeFormatter.ISO_INSTANT.format(time));
    return inherited.with(lines);
  }

  private byte[] read() throws IOException {
    File file = directory.resolve(FILE).toFile();
    // A FIFO here would hold up every agent of the process.
    if (file.exists() && !file.isFile()) {
      throw new IOException(file + " is no regular file");
    }
    try (FileInputStream in = new FileInputStream(file)) {
      byte[] content = in.readNBytes(MAX_FILE_SIZE + 1);
      if (content.length > MAX_FILE_SIZE) {
        throw new IOException(file + " is larger than 1 MiB");
      }
      return content;
    }
  }

  private static void split(byte[] content, List<byte[]> lines) {
    int start = 0;
    for (int i = 0; i <= content.length; i++) {
      if (i == content.length || content[i] == '\n') {
        if (i > start) {
          lines.add(Arrays.copyOfRange(content, start, i));
        }
        start = i + 1;
      }
    }
  }

  private static void add(List<byte[]> lines, String name, String value) {
    lines.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
  }
}
