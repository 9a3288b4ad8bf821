package org.nethserver.events.agent.config;

import java.nio.file.Path;
import java.util.List;

/** A directory in which an agent looks for steps. Of several, the later wins. */
public sealed interface StepPlace {
  /** Returns the absolute path, which need not be there. */
  Path directory();

  /**
   * One directory of steps an event.
   *
   * @param directory its path
   */
  record Events(Path directory) implements StepPlace {}

  /**
   * Jars with handlers in Java.
   *
   * @param directory its path
   */
  record Plugins(Path directory) implements StepPlace {}

  /** Returns events directories as places. */
  static List<StepPlace> ofEvents(List<Path> directories) {
    return directories.stream().<StepPlace>map(Events::new).toList();
  }

  /** Returns the events directories among some places. */
  static List<Path> eventsDirectories(List<StepPlace> places) {
    return places.stream().filter(Events.class::isInstance).map(StepPlace::directory).toList();
  }
}
