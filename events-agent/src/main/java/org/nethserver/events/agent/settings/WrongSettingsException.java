package org.nethserver.events.agent.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The files cannot be used. All that is wrong with them is told at once. */
public final class WrongSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  WrongSettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Returns what is wrong, at least one thing. */
  public List<Problem> problems() {
    return problems;
  }
}
