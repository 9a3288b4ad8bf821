package org.nethserver.events.agent.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Variables;

/**
 * Where an agent's steps run, and with which variables: the agent's own, then the lines of the file
 * {@code environment} in its directory, then what tells of the event.
 *
 * <p>Threads: the dispatch thread.
 */
public final class AgentEnvironment {
  /** The name of the file that modules keep their variables in. */
  static final String FILE = "environment";

  private final Path directory;
  private final EnvironmentFile file;

  /**
   * Reads nothing yet.
   *
   * @param directory the absolute working directory
   * @param inherited the agent's own variables
   */
  public AgentEnvironment(Path directory, Variables inherited) {
    this(directory, inherited, FileReading.plain());
  }

  /**
   * Reads nothing yet.
   *
   * @param directory the absolute working directory
   * @param inherited the agent's own variables
   * @param reading how the file is read
   */
  public AgentEnvironment(Path directory, Variables inherited, FileReading reading) {
    this.directory = directory;
    this.file = new EnvironmentFile(directory.resolve(FILE), inherited, reading, Clock.systemUTC());
  }

  Path directory() {
    return directory;
  }

  /**
   * Returns the variables of an event's steps, with the file as it is now.
   *
   * @param onMissing hears why the file could not be read; the other variables are returned
   */
  Variables variables(Event event, Consumer<String> onMissing) {
    Variables variables = file.inherited();
    try {
      variables = file.variables();
    } catch (IOException e) {
      onMissing.accept(String.valueOf(e.getMessage()));
    }
    // Seconds at least, nanoseconds never: what date(1) and Python can read back.
    Instant time = event.time().truncatedTo(ChronoUnit.MICROS);
    List<byte[]> lines = new ArrayList<>(6);
    add(lines, "AGENT_COMFD", "2");
    add(lines, "AGENT_EVENT_NAME", event.name().text());
    add(lines, "AGENT_EVENT_SOURCE", event.source().text());
    add(lines, "AGENT_EVENT_ID", event.id());
    add(lines, "AGENT_EVENT_DELIVERY", Integer.toString(event.delivery()));
    add(lines, "AGENT_EVENT_TIME", DateTimeFormatter.ISO_INSTANT.format(time));
    return variables.with(lines);
  }

  private static void add(List<byte[]> lines, String name, String value) {
    lines.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
  }
}
