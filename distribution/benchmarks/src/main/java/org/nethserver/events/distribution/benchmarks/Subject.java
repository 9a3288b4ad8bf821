package org.nethserver.events.distribution.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An agent that is measured, with what answers its events.
 *
 * @param name what tables call it
 * @param command how it is started, words separated by blanks; in them {@code {events}}, {@code
 *     {actions}}, {@code {plugins}}, {@code {state}}, {@code {config}} and {@code {port}} stand for
 *     directories and the port of its Redis
 * @param plugins how many plugins it has
 * @param isInProcess whether it answers events within its process, by its first plugin if it has
 *     any; else a step does
 * @param extent how many agents it hosts
 * @param recorder the image of which one recorder keeps what is published on its Redis
 */
record Subject(
    String name,
    String command,
    int plugins,
    boolean isInProcess,
    Extent extent,
    Optional<Path> recorder) {
  /** The id of every agent that is alone. */
  static final String AGENT_ID = "module/bench1";

  Subject {
    Objects.requireNonNull(name);
    Objects.requireNonNull(extent);
    if (command.isBlank()) {
      throw new IllegalArgumentException("agent \"" + name + "\" has no command");
    }
    if (plugins < 0) {
      throw new IllegalArgumentException("agent \"" + name + "\" has " + plugins + " plugins");
    }
  }

  /** One agent, by flags. */
  Subject(String name, String command, int plugins, boolean isInProcess) {
    this(name, command, plugins, isInProcess, Extent.ALONE, Optional.empty());
  }

  /** The agent of an image. */
  static Subject image(String name, Path image, int plugins) {
    String command = program(image) + " --agentid=" + AGENT_ID + " --eventsdir={events}";
    return plugins == 0
        ? new Subject(name, command, 0, false)
        : new Subject(name, command + " --pluginsdir={plugins}", plugins, true);
  }

  /** Many agents in one process of an image. */
  static Subject hosted(String name, Path image, Extent extent) {
    return new Subject(
        name, program(image) + " --config={config}", 0, false, extent, Optional.empty());
  }

  /** The same on a Redis that one recorder of the image listens to. */
  Subject recorded(Path image) {
    return new Subject(name, command, plugins, isInProcess, extent, Optional.of(image));
  }

  /** The same by another name, making good from the journal what it misses. */
  Subject journaled(String newName) {
    String journaled = command + " --journal --state-directory={state}";
    return new Subject(newName, journaled, plugins, isInProcess, extent, recorder);
  }

  /** What an image is started by. */
  static Path program(Path image) {
    return image.resolve("bin/events-agent");
  }

  /** The command with everything filled in. */
  List<String> command(Path home, int port) {
    return Stream.of(command.split(" +"))
        .map(
            word ->
                word.replace("{events}", home.resolve("events").toString())
                    .replace("{actions}", home.resolve("actions").toString())
                    .replace("{plugins}", home.resolve("plugins").toString())
                    .replace("{state}", home.resolve("state").toString())
                    .replace("{config}", home.resolve(Home.CONFIG).toString())
                    .replace("{port}", Integer.toString(port)))
        .toList();
  }
}
