package org.nethserver.events.agent.host;

import java.util.List;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.run.ForeignFailure;

/**
 * What the process says when it ends as nobody meant it to: a thread died of a broken JVM, or a
 * plugin ended it. Thread-safe.
 */
final class LastWords implements Thread.UncaughtExceptionHandler {
  private final AgentLogs log;
  private final Host host;

  /** Whether this process ends as it should: by a signal, or with an error of the start. */
  private volatile boolean expected;

  LastWords(AgentLogs log, Host host) {
    this.log = log;
    this.host = host;
  }

  /** Listens to the JVM from now on. */
  void install() {
    Thread.setDefaultUncaughtExceptionHandler(this);
    Runtime.getRuntime().addShutdownHook(new Thread(this::exited, "exit"));
  }

  /** From now on it is right that the process ends. */
  void expectEnd() {
    expected = true;
  }

  /**
   * A JVM that is out of memory or broken has lost the thread, and without it the agent would look
   * alive and run nothing: who started this process starts another. All else is a fault of one
   * task, of which a transport tells in this way too.
   */
  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    boolean fatal =
        failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    if (!fatal) {
      log.line(
          Priority.ERROR, "A fault in the thread \"" + thread.getName() + "\": " + told(failure));
      return;
    }
    try {
      host.kill();
    } finally {
      try {
        log.line(
            Priority.CRITICAL,
            "The thread \""
                + thread.getName()
                + "\" died, and the agent with it: "
                + told(failure));
      } finally {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /**
   * No code but a plugin's ends the JVM while the agent runs, and nothing can keep it from that.
   */
  private void exited() {
    if (!expected) {
      List<String> running = host.running();
      log.line(
          Priority.CRITICAL,
          "A plugin has called System.exit, and the agent ends at once. Handlers that ran: "
              + (running.isEmpty() ? "none" : String.join(", ", running))
              + ". Let it return HandlerResult.failure instead");
    }
  }

  /** What was thrown, and where: a fault of ours should be found by one line. */
  static String told(Throwable failure) {
    String text = ForeignFailure.text(failure);
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? text : text + " at " + trace[0];
  }
}
