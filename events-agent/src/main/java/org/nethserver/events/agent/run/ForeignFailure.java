package org.nethserver.events.agent.run;

/**
 * What steps and their sources throw. It is theirs, and ends no more than their part; but a JVM
 * that cannot go on must not.
 */
public final class ForeignFailure {
  private ForeignFailure() {}

  /** Throws what says that the JVM is out of memory or broken; a deep recursion is neither. */
  public static void rethrowFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  /** Returns what a throwable says, which is foreign code too and may itself throw. */
  public static String text(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable e) {
      rethrowFatal(e);
      return failure.getClass().getName() + ", which throws when it is asked what it means";
    }
  }
}
