package org.nethserver.events.agent.posix;

/** Processes that one has started, to be ended together. */
public final class ProcessGroup {
  private static final int SIGKILL = 9;

  private ProcessGroup() {}

  /**
   * Kills a process and all of its group that it leads; nothing if it is gone. The caller knows
   * that it was not reaped yet.
   */
  public static void kill(long leader) {
    SystemCalls.kill(Math.toIntExact(-leader), SIGKILL);
  }
}
