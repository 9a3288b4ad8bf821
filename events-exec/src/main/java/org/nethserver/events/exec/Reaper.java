package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.nethserver.events.api.Outcome;

/**
 * Takes the status of ended children, each by its pid: {@code waitpid(-1)} would steal children
 * from the Java library. Until then a child's pid, which is its group's number too, is not used
 * again.
 */
final class Reaper {
  private static final ThreadLocal<MemorySegment> STATUS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ValueLayout.JAVA_INT));

  private static final long PAUSE_NANOS = 100_000;
  private static final int TRIES = 10_000;

  private Reaper() {}

  /** Returns the wait status of a child that has ended; empty if it has not. */
  static OptionalInt reap(int pid) {
    MemorySegment status = STATUS.get();
    int reaped;
    do {
      reaped = Posix.waitpid(pid, status.address());
    } while (reaped == -Errno.EINTR);
    return reaped == pid
        ? OptionalInt.of(status.get(ValueLayout.JAVA_INT, 0))
        : OptionalInt.empty();
  }

  /** Reaps a child that was killed just now. */
  static void await(int pid) {
    for (int i = 0; i < TRIES && reap(pid).isEmpty(); i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Says what a wait status means. */
  static Outcome outcome(int status) {
    int signal = status & 0x7f;
    if (signal != 0) {
      return new Outcome.Killed(signal);
    }
    int code = status >> 8 & 0xff;
    return code == 0 ? new Outcome.Completed() : new Outcome.Failed(code);
  }
}
