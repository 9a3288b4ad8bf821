package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directories and files of one agent. */
record Home(Path directory) implements AutoCloseable {
  private static final int OTHERS = 20;
  private static final int LAST_LINES = 20;

  /** Lays what answers {@link Agent#ANSWERED}, among the directories of other events. */
  static Home furnish(Subject subject, Tools tools) throws IOException {
    Home home = new Home(Files.createTempDirectory("events-benchmark"));
    Files.createDirectories(home.directory.resolve("actions"));
    Files.createDirectories(home.state());
    Files.writeString(home.state().resolve("environment"), "A=B\n");
    Path events = home.directory.resolve("events");
    for (int other = 0; other < OTHERS; other++) {
      tools.idleStep(events.resolve("known-" + other + "-changed/10other"));
    }
    tools.plugins(home.directory.resolve("plugins"), Agent.ANSWERED, subject.plugins());
    if (!subject.isInProcess()) {
      tools.stampStep(events.resolve(Agent.ANSWERED + "/10stamp"));
    }
    return home;
  }

  /** Where the agent is started. */
  Path state() {
    return directory.resolve("state");
  }

  /** What it shares with the harness: see {@link Stamps}. */
  Path stamps() {
    return directory.resolve("stamps");
  }

  /** What it and its steps write. */
  Path log() {
    return directory.resolve("log");
  }

  /** The last lines of the log. */
  String said() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
