package org.nethserver.events.agent.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.nethserver.events.agent.posix.Libc;

/**
 * What sendmsg(2) wants for a datagram with the credentials of its sender: the layouts of the C
 * library on 64-bit systems. Not thread-safe.
 */
final class SenderMessage {
  static final MethodHandle SENDMSG =
      Libc.function("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

  private static final int SOL_SOCKET = 1;
  private static final int SCM_CREDENTIALS = 2;

  private static final int HEADER = 16;
  private static final int CREDENTIALS = 12;

  private final MemorySegment vector;
  private final MemorySegment control;
  private final MemorySegment message;

  SenderMessage(Arena arena, MemorySegment address, MemorySegment content) {
    vector = arena.allocate(16, 8);
    vector.set(ADDRESS, 0, content);
    control = arena.allocate(HEADER + CREDENTIALS + 4, 8);
    control.set(JAVA_LONG, 0, HEADER + CREDENTIALS);
    control.set(JAVA_INT, 8, SOL_SOCKET);
    control.set(JAVA_INT, 12, SCM_CREDENTIALS);
    control.set(JAVA_INT, HEADER, (int) ProcessHandle.current().pid());
    message = arena.allocate(56, 8);
    message.set(ADDRESS, 0, address);
    message.set(JAVA_INT, 8, (int) address.byteSize());
    message.set(ADDRESS, 16, vector);
    message.set(JAVA_LONG, 24, 1);
    message.set(ADDRESS, 32, control);
    message.set(JAVA_LONG, 40, control.byteSize());
  }

  /** Returns the message of the content's first bytes, until it is asked for the next. */
  MemorySegment of(UnixDatagram.Sender sender, int length) {
    vector.set(JAVA_LONG, 8, length);
    control.set(JAVA_INT, HEADER + 4, sender.uid());
    control.set(JAVA_INT, HEADER + 8, sender.gid());
    return message;
  }
}
