package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.nethserver.events.api.Payload;

/**
 * The one call that starts a process, and the memory that it shares with the child until that has
 * become the program; laid out as {@code struct start} of {@code start.c}, which says more.
 */
final class StartCall {
  private static final MethodHandle START =
      Posix.function(SymbolLookup.loaderLookup(), "events_start");
  private static final MethodHandle IGNORED =
      Posix.function(SymbolLookup.loaderLookup(), "events_ignored");

  private static final int FILE = 0;
  private static final int ARGUMENTS = 8;
  private static final int ENVIRONMENT = 16;
  private static final int DIRECTORY = 24;
  private static final int PAYLOAD = 32;
  private static final int PAYLOAD_PART = 40;
  private static final int PAYLOAD_WHOLE = 48;
  private static final int GROUPS = 56;
  private static final int GROUP_COUNT = 64;
  private static final int UID = 72;
  private static final int GID = 76;
  private static final int PATIENCE = 80;
  private static final int STACK = 88;
  private static final int STACK_SIZE = 96;
  private static final int DEFAULTS = 104;
  private static final int CGROUP = 112;
  private static final int STDIN = 120;
  private static final int STDOUT = 124;
  private static final int STDERR = 132;
  private static final int WRITTEN = 140;
  private static final int PID = 144;
  private static final int PIDFD = 148;
  private static final int LATE = 152;
  private static final int CGROUP_ERROR = 156;
  private static final int FAILED_CALL = 160;
  private static final int ERROR = 164;
  private static final int ALIVE = 168;
  private static final int SIZE = 176;

  /** What the kernel sets. */
  private static final VarHandle SHARED_INT = ValueLayout.JAVA_INT.varHandle();

  /** Ample for some small frames, and for the one of a signal. */
  private static final int STACK_BYTES = 32 * 1024;

  private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 8);
  private final MemorySegment stack = Arena.ofAuto().allocate(STACK_BYTES, 16);
  private final MemorySegment payload = Arena.ofAuto().allocate(ProcessLoop.READ_SIZE);

  /** What the child reads besides. */
  private final SpawnArea area = new SpawnArea();

  /**
   * What the kernel refused.
   *
   * @param call which call it was
   * @param error its error number
   */
  record Failure(Step call, int error) {}

  /** The calls on the way, in their order, numbered as in C. */
  enum Step {
    NONE,
    PIPE,
    CLONE,
    GROUP,
    REDIRECT,
    CLOSE,
    BECOME,
    ENTER,
    EXEC
  }

  /**
   * Allocates it.
   *
   * @param patience how long to wait for the child
   * @param ignored see {@link #ignoredSignals}
   */
  StartCall(Duration patience, long ignored) {
    memory.set(ValueLayout.JAVA_LONG, PATIENCE, patience.toNanos());
    memory.set(ValueLayout.JAVA_LONG, STACK, stack.address());
    memory.set(ValueLayout.JAVA_LONG, STACK_SIZE, STACK_BYTES);
    memory.set(ValueLayout.JAVA_LONG, DEFAULTS, ignored);
    memory.set(ValueLayout.JAVA_LONG, PAYLOAD, payload.address());
  }

  /** Returns the signals that this process ignores, one a bit: children would inherit it. */
  static long ignoredSignals() {
    MemorySegment signals = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    Posix.call(IGNORED, signals.address());
    return signals.get(ValueLayout.JAVA_LONG, 0);
  }

  SpawnArea area() {
    return area;
  }

  /** Says as whom to run. */
  void become(StepAccount account) {
    memory.set(ValueLayout.JAVA_LONG, GROUPS, account.groups());
    memory.set(ValueLayout.JAVA_LONG, GROUP_COUNT, account.groupCount());
    memory.set(ValueLayout.JAVA_INT, UID, account.uid());
    memory.set(ValueLayout.JAVA_INT, GID, account.gid());
    memory.set(ValueLayout.JAVA_INT, CGROUP, account.cgroup());
  }

  /**
   * Starts what the area holds, with as much of a payload as fits in its stdin.
   *
   * @param changeDirectory whether the child changes to the area's directory
   */
  void start(Payload whole, boolean changeDirectory) {
    memory.set(ValueLayout.JAVA_LONG, FILE, area.path());
    memory.set(ValueLayout.JAVA_LONG, ARGUMENTS, area.argv());
    memory.set(ValueLayout.JAVA_LONG, ENVIRONMENT, area.envp());
    memory.set(ValueLayout.JAVA_LONG, DIRECTORY, changeDirectory ? area.directory() : 0);
    int part = Math.min(whole.size(), ProcessLoop.READ_SIZE);
    if (part > 0) {
      payload.asSlice(0, part).copyFrom(MemorySegment.ofBuffer(whole.buffer().limit(part)));
    }
    memory.set(ValueLayout.JAVA_LONG, PAYLOAD_PART, part);
    memory.set(ValueLayout.JAVA_LONG, PAYLOAD_WHOLE, whole.size());
    Posix.call(START, memory.address());
  }

  /** Says why nothing runs, if so; of a child that is late this may change. */
  Optional<Failure> failure() {
    int error = memory.get(ValueLayout.JAVA_INT, ERROR);
    return error == 0
        ? Optional.empty()
        : Optional.of(
            new Failure(Step.values()[memory.get(ValueLayout.JAVA_INT, FAILED_CALL)], error));
  }

  /** Returns true if the child was not waited for: see {@link #usedByChild}. */
  boolean late() {
    return memory.get(ValueLayout.JAVA_INT, LATE) != 0;
  }

  /** Returns true until a child has become its program or ended: nobody else may use this then. */
  boolean usedByChild() {
    return (int) SHARED_INT.getAcquire(memory, (long) ALIVE) != 0;
  }

  /** Returns why the child is not in its cgroup; 0 if it is, or has none. */
  int cgroupError() {
    return memory.get(ValueLayout.JAVA_INT, CGROUP_ERROR);
  }

  /** Returns what to write the rest of the payload by, if there is a rest. */
  Optional<PayloadWriter> rest(Payload whole) {
    int stdin = memory.get(ValueLayout.JAVA_INT, STDIN);
    if (stdin < 0) {
      return Optional.empty();
    }
    ByteBuffer rest = whole.buffer().position(memory.get(ValueLayout.JAVA_INT, WRITTEN));
    return Optional.of(new PayloadWriter(stdin, rest));
  }

  int pid() {
    return memory.get(ValueLayout.JAVA_INT, PID);
  }

  int pidfd() {
    return memory.get(ValueLayout.JAVA_INT, PIDFD);
  }

  int stdout() {
    return memory.get(ValueLayout.JAVA_INT, STDOUT);
  }

  int stderr() {
    return memory.get(ValueLayout.JAVA_INT, STDERR);
  }
}
