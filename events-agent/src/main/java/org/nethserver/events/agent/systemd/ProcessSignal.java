package org.nethserver.events.agent.systemd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.nethserver.events.agent.posix.Libc;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Takes signals sent to this process, and ends the process by one. */
public enum ProcessSignal {
  /** Read the configuration anew. */
  HUP(1),
  /** End: a person pressed Ctrl-C. */
  INT(2),
  /** Take no more events, finish, and exit. */
  USR1(10),
  /** End. */
  TERM(15);

  /** A signal that is taken until this is closed. */
  public interface Receipt extends AutoCloseable {
    @Override
    void close();
  }

  private static final int SHELL_OFFSET = 128;

  private final int number;

  ProcessSignal(int number) {
    this.number = number;
  }

  /**
   * Runs an action each time the signal comes, on a thread of its own, instead of what the system
   * or the JVM would do. The actions of two signals, or of one sent twice, can run side by side. A
   * later action replaces an earlier one.
   *
   * @return what puts back the action that was there before
   * @throws IllegalArgumentException if the JVM keeps the signal for itself ({@code -Xrs})
   */
  public Receipt onReceipt(Runnable action) {
    Signal signal = new Signal(name());
    SignalHandler before = Signal.handle(signal, _ -> action.run());
    return () -> Signal.handle(signal, before);
  }

  /**
   * Ends this process by the signal, so that its parent sees the signal and no exit code. No
   * shutdown hook runs: what must be cleaned up has been. Where the system lets the process live
   * (as it does process 1 of a container) or foreign functions are denied, the exit code is 128 and
   * the signal's number, as a shell tells it.
   */
  public void die() {
    try {
      Signal.handle(new Signal(name()), SignalHandler.SIG_DFL);
      send((int) ProcessHandle.current().pid());
    } catch (IllegalArgumentException | LinkageError _) {
      // The exit code is left.
    }
    Runtime.getRuntime().halt(SHELL_OFFSET + number);
  }

  private void send(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Libc.ERRNO);
      int _ = (int) Calls.KILL.invokeExact(errno, pid, number);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /** Apart, so that the class can be used where foreign functions are denied. */
  private static final class Calls {
    static final MethodHandle KILL =
        Libc.function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  }
}
