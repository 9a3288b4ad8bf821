package org.nethserver.events.agent.log;

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
  DEBUG
}
