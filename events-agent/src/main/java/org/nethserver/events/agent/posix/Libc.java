package org.nethserver.events.agent.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Finds functions of the C library. Each handle takes a segment for {@code errno} first. */
public final class Libc {
  /** The layout of that segment. */
  public static final StructLayout ERRNO = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(PathElement.groupElement("errno"));

  private Libc() {}

  /**
   * Finds a function.
   *
   * @param descriptor its true signature
   */
  @SuppressWarnings("restricted") // each caller states the function's true signature
  public static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /** Returns the error number that a call left in the segment. */
  public static int errno(MemorySegment captured) {
    return (int) ERRNO_VALUE.get(captured, 0L);
  }

  /** A handle of the right type throws nothing but errors; what it throws is passed on as it is. */
  public static Error unexpected(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    return e instanceof Error error ? error : new AssertionError(e);
  }
}
