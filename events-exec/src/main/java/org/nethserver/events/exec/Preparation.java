package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * All of a start that does not depend on what is started: the pipes, and what the child does with
 * them. So it can be done before the event comes that waits for it.
 */
final class Preparation {
  private static final MethodHandle INIT = Posix.function("posix_spawn_file_actions_init");
  private static final MethodHandle DESTROY = Posix.function("posix_spawn_file_actions_destroy");
  private static final MethodHandle DUP2 = Posix.function("posix_spawn_file_actions_adddup2");
  private static final MethodHandle CLOSE_FROM =
      Posix.function("posix_spawn_file_actions_addclosefrom_np");
  private static final MethodHandle CHDIR = Posix.function("posix_spawn_file_actions_addchdir_np");

  /** Larger than {@code posix_spawn_file_actions_t} of any glibc. */
  private static final int SIZE = 512;

  private final StepPipes pipes = new StepPipes();
  private final MemorySegment actions = Arena.ofAuto().allocate(SIZE, 16);
  private boolean initialised;

  /**
   * Opens the pipes and tells the child what to do with them.
   *
   * @return 0 or the negated error; close it then as ever
   */
  int make() {
    int error = pipes.open(Arena.ofAuto().allocate(2 * ValueLayout.JAVA_INT.byteSize(), 4));
    if (error < 0) {
      return error;
    }
    error = Posix.call(INIT, actions.address());
    initialised = error == 0;
    error = error != 0 ? error : dup2(pipes.stdinRead(), 0);
    error = error != 0 ? error : dup2(pipes.stdoutWrite(), 1);
    error = error != 0 ? error : dup2(pipes.stderrWrite(), 2);
    error = error != 0 ? error : Posix.call(CLOSE_FROM, actions.address(), 3);
    return -error;
  }

  private int dup2(int descriptor, int as) {
    return Posix.call(DUP2, actions.address(), descriptor, as);
  }

  /** Has the child change to a directory first; returns 0 or the error. */
  int changeDirectory(long path) {
    return Posix.call(CHDIR, actions.address(), path);
  }

  StepPipes pipes() {
    return pipes;
  }

  /** Returns the address of the file actions. */
  long actions() {
    return actions.address();
  }

  /** Frees the file actions; the pipes stay open for whoever has taken them. */
  void free() {
    if (initialised) {
      initialised = false;
      Posix.call(DESTROY, actions.address());
    }
  }

  /** Frees all, the pipes too. */
  void close() {
    free();
    pipes.close();
  }
}
