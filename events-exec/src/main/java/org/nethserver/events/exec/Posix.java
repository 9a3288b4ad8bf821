package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the C library that this module makes. Each returns what the C function does, or the
 * negated error number.
 *
 * <p>All are called with six words of 64 bits. Both calling conventions served, of x86_64 and of
 * aarch64 Linux, put an {@code int}, a {@code size_t} and a pointer into the same registers, pass
 * variable arguments like the others, and let a function ignore registers that it has no parameter
 * for. So one shape of stub serves all calls: each further one would cost 5 ms of the start, and 30
 * exact types more than the rest of the start together.
 *
 * <p>Pointers are addresses: the caller keeps their memory alive for the time of the call.
 */
final class Posix {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EACCESS = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int F_OK = 0;
  static final int X_OK = 1;
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  /** The two flags that the architectures number differently. */
  static final int O_DIRECTORY = Architecture.AARCH64 ? 0x4000 : 0x10000;

  static final int O_NOFOLLOW = Architecture.AARCH64 ? 0x8000 : 0x20000;

  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SIGCHLD = 17;
  static final int SIGCONT = 18;

  private static final int F_GETFD = 1;
  private static final int FIONREAD = 0x541B;
  private static final int STATX_BASIC = 0x7ff;
  private static final int WNOHANG = 1;
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;

  private static final Linker LINKER = Linker.nativeLinker();

  private static final FunctionDescriptor SIX_WORDS =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG);

  /** Where the stubs leave {@code errno}: one place a thread, since calls come from several. */
  private static final ThreadLocal<MemorySegment> ERROR =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  private static final MethodHandle ACCESS = function("faccessat");
  private static final MethodHandle CLOSE = function("close");
  private static final MethodHandle EPOLL_CREATE = function("epoll_create1");
  private static final MethodHandle EPOLL_CTL = function("epoll_ctl");
  private static final MethodHandle EPOLL_WAIT = function("epoll_wait");
  private static final MethodHandle EVENTFD = function("eventfd");
  private static final MethodHandle FCNTL = function("fcntl");
  private static final MethodHandle GETDENTS = function("getdents64");
  private static final MethodHandle GETEGID = function("getegid");
  private static final MethodHandle GETEUID = function("geteuid");
  private static final MethodHandle IOCTL = function("ioctl");
  private static final MethodHandle KILL = function("kill");
  private static final MethodHandle OPENAT = function("openat");
  private static final MethodHandle READ = function("read");
  private static final MethodHandle READLINKAT = function("readlinkat");
  private static final MethodHandle SIGACTION = function("sigaction");
  private static final MethodHandle STATX = function("statx");
  private static final MethodHandle SYSCALL = function("syscall");
  private static final MethodHandle WAITPID = function("waitpid");
  private static final MethodHandle WRITE = function("write");

  private static final MethodHandle FSTATFS = function("fstatfs");
  private static final MethodHandle INOTIFY_ADD_WATCH = function("inotify_add_watch");
  private static final MethodHandle INOTIFY_INIT = function("inotify_init1");
  private static final MethodHandle INOTIFY_RM_WATCH = function("inotify_rm_watch");

  private Posix() {}

  /** Looks up a function of the C library itself. */
  static MethodHandle function(String name) {
    return function(LINKER.defaultLookup(), name);
  }

  /** Looks up a function of at most six words that returns an int, or a size that fits one. */
  @SuppressWarnings("restricted")
  static MethodHandle function(SymbolLookup library, String name) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the C library has no "
                            + name
                            + "; scripts need glibc 2.34 or later on Linux 5.3 or later"));
    return LINKER.downcallHandle(address, SIX_WORDS, Linker.Option.captureCallState("errno"));
  }

  /** Asks for the effective user, which also spares the kernel a change of credentials. */
  static int access(long path, int mode) {
    return call(ACCESS, AT_FDCWD, path, mode, AT_EACCESS);
  }

  static int close(int fd) {
    return call(CLOSE, fd);
  }

  static int epollCreate() {
    return call(EPOLL_CREATE, O_CLOEXEC);
  }

  static int epollCtl(int epoll, int operation, int fd, long event) {
    return call(EPOLL_CTL, epoll, operation, fd, event);
  }

  static int epollWait(int epoll, long events, int count, int milliseconds) {
    return call(EPOLL_WAIT, epoll, events, count, milliseconds);
  }

  static int eventfd() {
    return call(EVENTFD, 0, O_CLOEXEC | O_NONBLOCK);
  }

  static boolean isOpen(int fd) {
    return call(FCNTL, fd, F_GETFD, 0) >= 0;
  }

  static int getdents(int fd, long buffer, int size) {
    return call(GETDENTS, fd, buffer, size);
  }

  static int getegid() {
    return call(GETEGID, 0);
  }

  static int geteuid() {
    return call(GETEUID, 0);
  }

  /** Stores the number of bytes that wait in a pipe as an int. */
  static int available(int fd, long number) {
    return call(IOCTL, fd, FIONREAD, number);
  }

  static int kill(int pid, int signal) {
    return call(KILL, pid, signal);
  }

  static int openat(int directory, long path, int flags) {
    return call(OPENAT, directory, path, flags | O_CLOEXEC, 0);
  }

  static int pidfdOpen(int pid) {
    // By number, since glibc has names for these two only from 2.36 on.
    return call(SYSCALL, SYS_PIDFD_OPEN, pid, 0, 0, 0);
  }

  static int pidfdSendSignal(int pidfd, int signal) {
    return call(SYSCALL, SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
  }

  static int read(int fd, long buffer, int size) {
    return call(READ, fd, buffer, size);
  }

  static int readlinkat(int directory, long path, long buffer, int size) {
    return call(READLINKAT, directory, path, buffer, size);
  }

  static int sigaction(int signal, long action) {
    return call(SIGACTION, signal, action, 0);
  }

  static int statx(int directory, long path, int flags, long status) {
    return call(STATX, directory, path, flags, STATX_BASIC, status);
  }

  /** Reaps one child if it has ended: its pid, or 0 if it has not. */
  static int waitpid(int pid, long status) {
    return call(WAITPID, pid, status, WNOHANG);
  }

  static int write(int fd, long buffer, int size) {
    return call(WRITE, fd, buffer, size);
  }

  static int fstatfs(int fd, long status) {
    return call(FSTATFS, fd, status);
  }

  static int inotify() {
    return call(INOTIFY_INIT, O_CLOEXEC | O_NONBLOCK);
  }

  /** Returns the watch's number, the same for another path to the same directory. */
  static int inotifyAdd(int inotify, long path, int events) {
    return call(INOTIFY_ADD_WATCH, inotify, path, events);
  }

  static int inotifyRemove(int inotify, int watch) {
    return call(INOTIFY_RM_WATCH, inotify, watch);
  }

  static int call(MethodHandle function, long a) {
    return call(function, a, 0, 0, 0, 0, 0);
  }

  static int call(MethodHandle function, long a, long b) {
    return call(function, a, b, 0, 0, 0, 0);
  }

  static int call(MethodHandle function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  static int call(MethodHandle function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0);
  }

  static int call(MethodHandle function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0);
  }

  static int call(MethodHandle function, long a, long b, long c, long d, long e, long f) {
    MemorySegment error = ERROR.get();
    try {
      return result((int) function.invokeExact(error, a, b, c, d, e, f), error);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  private static int result(int returned, MemorySegment error) {
    return returned >= 0 ? returned : -error.get(ValueLayout.JAVA_INT, 0);
  }

  private static Error unexpected(Throwable thrown) {
    // A stub throws only what the virtual machine throws: a full stack, no memory.
    return thrown instanceof Error error ? error : new AssertionError(thrown);
  }
}
