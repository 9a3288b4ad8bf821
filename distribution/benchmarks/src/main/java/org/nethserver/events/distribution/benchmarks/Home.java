package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The directories and files of one subject.
 *
 * @param directory with all of them
 * @param recording its Redis, where all that is published is recorded; else it has one at a time
 */
record Home(Path directory, Optional<Recording> recording) implements AutoCloseable {
  /** The file that tells of hosted agents. */
  static final String CONFIG = "agents.json";

  private static final int LAST_LINES = 20;

  /** Makes an empty one. */
  static Home create() throws IOException {
    return create(Optional.empty());
  }

  private static Home create(Optional<Recording> recording) throws IOException {
    Home home = new Home(Files.createTempDirectory("events-benchmark"), recording);
    Files.createDirectories(home.directory.resolve("actions"));
    layState(home.state());
    return home;
  }

  /** Lays what answers events, among the directories of others. */
  static Home furnish(Subject subject, Tools tools) throws IOException, InterruptedException {
    Home home =
        create(
            subject.recorder().isPresent()
                ? Optional.of(Recording.start(subject.recorder().get(), 1))
                : Optional.empty());
    Extent extent = subject.extent();
    if (!extent.isHosted()) {
      tools.plugins(home.directory.resolve("plugins"), Agent.ANSWERED, subject.plugins());
      Path events = home.directory.resolve("events");
      layOthers(events, extent, tools);
      if (!subject.isInProcess()) {
        tools.stampStep(events.resolve(Agent.ANSWERED + "/10stamp"));
      }
      return home;
    }
    List<Map<String, Object>> hosted = new ArrayList<>();
    for (int agent = 1; agent <= extent.agents(); agent++) {
      Path events = home.agent(agent).resolve("events");
      layOthers(events, extent, tools);
      tools.stampStep(events.resolve(Agent.ANSWERED_BY_ALL + "/10stamp"));
      if (agent == 1) {
        tools.stampStep(events.resolve(Agent.ANSWERED + "/10stamp"));
      }
      hosted.add(home.host(agent));
    }
    home.configure(hosted);
    return home;
  }

  private static void layOthers(Path events, Extent extent, Tools tools) throws IOException {
    Path first = other(events, 0);
    for (int number = 0; number < extent.directories(); number++) {
      if (number == 0) {
        tools.idleStep(first);
      } else {
        // A file of its own each would take minutes to lay and to delete.
        Path link = other(events, number);
        Files.createDirectory(link.getParent());
        Files.createLink(link, first);
      }
    }
  }

  private static Path other(Path events, int number) {
    return events.resolve("known-" + number + "-changed/10other");
  }

  private static void layState(Path state) throws IOException {
    Files.createDirectories(state);
    Files.writeString(state.resolve("environment"), "A=B\n");
  }

  /** Makes the directories of a hosted agent, and returns what {@link #CONFIG} says of it. */
  Map<String, Object> host(int number) throws IOException {
    Path agent = agent(number);
    layState(agent.resolve("state"));
    return Map.of(
        "id", agentId(number),
        "events-directories", List.of(agent.resolve("events").toString()),
        "plugins-directories", List.of(agent.resolve("plugins").toString()),
        "state-directory", agent.resolve("state").toString());
  }

  /** Tells of hosted agents. */
  void configure(List<Map<String, Object>> hosted) throws IOException {
    Files.writeString(
        directory.resolve(CONFIG),
        JsonMapper.shared().writeValueAsString(Map.of("agents", hosted)));
  }

  /** The directory of a hosted agent, counted from 1. */
  Path agent(int number) {
    return directory.resolve("agent-" + number);
  }

  static String agentId(int number) {
    return "module/bench" + number;
  }

  /** Where the process is started. */
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
    if (recording.isPresent()) {
      recording.get().close();
    }
    deleteTree(directory);
  }

  static void deleteTree(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
