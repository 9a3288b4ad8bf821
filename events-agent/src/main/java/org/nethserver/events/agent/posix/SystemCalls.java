package org.nethserver.events.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the C library, all by one shape of six words, since each further shape would cost 5 ms:
 * both calling conventions that are served put numbers and pointers into the same registers, and
 * let a function ignore those that it has no parameter for.
 *
 * <p>Each returns what the function does, or the negated error number where that is -1.
 */
final class SystemCalls {
  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  /** The architectures number it differently. */
  static final int O_NOFOLLOW = System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x20000;

  private static final int STATX_BASIC = 0x7ff;

  private static final FunctionDescriptor SIX_WORDS =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle CLOSE = Libc.function("close", SIX_WORDS);
  private static final MethodHandle GETEUID = Libc.function("geteuid", SIX_WORDS);
  private static final MethodHandle GETGROUPLIST = Libc.function("getgrouplist", SIX_WORDS);
  private static final MethodHandle GETPWNAM = Libc.function("getpwnam_r", SIX_WORDS);
  private static final MethodHandle KILL = Libc.function("kill", SIX_WORDS);
  private static final MethodHandle OPENAT = Libc.function("openat", SIX_WORDS);
  private static final MethodHandle READ = Libc.function("read", SIX_WORDS);
  private static final MethodHandle READLINKAT = Libc.function("readlinkat", SIX_WORDS);
  private static final MethodHandle STATX = Libc.function("statx", SIX_WORDS);

  private SystemCalls() {}

  static int close(int fd) {
    return call(CLOSE, fd, 0, 0, 0, 0);
  }

  static int geteuid() {
    return call(GETEUID, 0, 0, 0, 0, 0);
  }

  /** Fills in the groups; -1, and the number of them, if there is no room for all. */
  static int getgrouplist(MemorySegment name, int group, MemorySegment list, MemorySegment count) {
    return call(GETGROUPLIST, name.address(), group, list.address(), count.address(), 0);
  }

  /** Returns 0, or the error number. */
  static int getpwnam(
      MemorySegment name, MemorySegment entry, MemorySegment buffer, MemorySegment result) {
    return call(
        GETPWNAM,
        name.address(),
        entry.address(),
        buffer.address(),
        buffer.byteSize(),
        result.address());
  }

  static int kill(int process, int signal) {
    return call(KILL, process, signal, 0, 0, 0);
  }

  static int openat(int directory, MemorySegment path, int flags) {
    return call(OPENAT, directory, path.address(), flags | O_CLOEXEC, 0, 0);
  }

  static int read(int fd, MemorySegment into) {
    return call(READ, fd, into.address(), into.byteSize(), 0, 0);
  }

  static int readlinkat(int directory, MemorySegment path, MemorySegment into) {
    return call(READLINKAT, directory, path.address(), into.address(), into.byteSize(), 0);
  }

  static int statx(int directory, MemorySegment path, int flags, MemorySegment status) {
    return call(STATX, directory, path.address(), flags, STATX_BASIC, status.address());
  }

  private static int call(MethodHandle function, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(Libc.ERRNO);
      int returned = (int) function.invokeExact(error, a, b, c, d, e, 0L);
      // Not all functions say why.
      return returned == -1 ? -Math.max(1, Libc.errno(error)) : returned;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
