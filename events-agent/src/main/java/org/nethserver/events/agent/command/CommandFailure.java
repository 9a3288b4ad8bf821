package org.nethserver.events.agent.command;

/** Ends a command with one sentence on stderr and an exit code. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong outside the command line: Redis, a file, a step. */
  static final int FAILED = 1;

  /** What is wrong with the command line, or with an event's form. */
  static final int USAGE = 2;

  private final int exitCode;

  CommandFailure(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
