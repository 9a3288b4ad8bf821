package org.nethserver.events.agent.host;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.run.FileReading;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;

/**
 * What one agent of a host is made of.
 *
 * @param settings its id, and what providers of steps know of it
 * @param places where its steps are, the later winning
 * @param limits its bounds
 * @param directory its working directory
 * @param variables its own variables
 * @param reading how the file of its variables is read
 * @param journal whether it takes part in the journal, where the process follows one
 * @param history whether the history of its runs is kept, where the process keeps any
 */
public record AgentPlan(
    AgentSettings settings,
    List<StepPlace> places,
    Limits limits,
    Path directory,
    Variables variables,
    FileReading reading,
    boolean journal,
    boolean history) {
  /** Makes a plan of an agent whose directories nobody but the process's user can change. */
  public AgentPlan(
      AgentSettings settings,
      List<StepPlace> places,
      Limits limits,
      Path directory,
      Variables variables) {
    this(settings, places, limits, directory, variables, FileReading.plain(), true, true);
  }

  /** Copies the list. */
  public AgentPlan {
    places = List.copyOf(places);
  }

  /** Returns the agent's id. */
  public String id() {
    return settings.id();
  }

  /** Tells whether an agent made of the other is no different. */
  boolean isLike(AgentPlan other) {
    return settings.equals(other.settings)
        && places.equals(other.places)
        && limits.equals(other.limits)
        && directory.equals(other.directory)
        && reading.equals(other.reading)
        && journal == other.journal
        && history == other.history
        && areLike(variables, other.variables);
  }

  private static boolean areLike(Variables some, Variables others) {
    Iterator<byte[]> left = some.entries().iterator();
    Iterator<byte[]> right = others.entries().iterator();
    while (left.hasNext() && right.hasNext()) {
      if (!Arrays.equals(left.next(), right.next())) {
        return false;
      }
    }
    return !left.hasNext() && !right.hasNext();
  }
}
