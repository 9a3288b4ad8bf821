package org.nethserver.events.agent.log;

import java.util.Optional;

/** The priorities of sd-daemon(3), whose ordinals are the numbers in {@code <N>}. */
public enum Priority {
  /** The system is unusable. */
  EMERGENCY,
  /** Action must be taken at once. */
  ALERT,
  /** A critical condition. */
  CRITICAL,
  /** An error. */
  ERROR,
  /** A warning. */
  WARNING,
  /** Normal but significant. */
  NOTICE,
  /** Information: the default, printed without prefix. */
  INFO,
  /** For debugging. */
  DEBUG;

  /** The length of a prefix {@code <N>}. */
  public static final int PREFIX = 3;

  private static final Priority[] ALL = values();

  /** The priority that a line's leading {@code <N>} names, if it has one. */
  public static Optional<Priority> leading(byte[] line) {
    if (line.length >= PREFIX && line[0] == '<' && line[2] == '>') {
      int number = line[1] - '0';
      if (number >= 0 && number < ALL.length) {
        return Optional.of(ALL[number]);
      }
    }
    return Optional.empty();
  }
}
