package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Mends what a careless parent may have left to this process, and what starting children needs. */
final class Inherited {
  private static final int SIGACTION_SIZE = 256;

  private Inherited() {}

  static void mend() {
    try (Arena arena = Arena.ofConfined()) {
      // Ignored, it would make the kernel reap our children, and their codes would be lost. All
      // zeros is the default action.
      MemorySegment action = arena.allocate(SIGACTION_SIZE, 8);
      Posix.sigaction(Posix.SIGCHLD, action.address());
      // A pipe must not get one of the first three numbers: laying it onto a child's would then
      // undo another one.
      MemorySegment device = arena.allocateFrom("/dev/null", StandardCharsets.US_ASCII);
      for (int fd = 0; fd <= 2; fd++) {
        if (!Posix.isOpen(fd)) {
          Posix.openat(Posix.AT_FDCWD, device.address(), Posix.O_RDWR);
        }
      }
    }
  }
}
