package org.nethserver.events.agent.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.nethserver.events.agent.posix.Libc;

/** Receives what {@link UnixDatagram} sends, as journald and systemd do. */
public final class DatagramReceiver implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int DEADLINE_SECONDS = 10;
  private static final int MAX = 256 * 1024;

  private static final MethodHandle SOCKET =
      Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle OPTION =
      Libc.function(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECEIVE =
      Libc.function(
          "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = arena.allocate(Libc.ERRNO);
  private final MemorySegment buffer = arena.allocate(MAX);
  private final int descriptor;

  /** Binds to a path, or {@code @NAME}. */
  public DatagramReceiver(String name) throws Throwable {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    boolean abstractName = name.startsWith("@");
    MemorySegment address = arena.allocate(2 + path.length + (abstractName ? 0 : 1), 2);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, address, JAVA_BYTE, 2, path.length);
    if (abstractName) {
      address.set(JAVA_BYTE, 2, (byte) 0);
    }
    descriptor = (int) SOCKET.invokeExact(errno, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    MemorySegment limit = arena.allocate(JAVA_LONG, 2);
    limit.set(JAVA_LONG, 0, DEADLINE_SECONDS);
    int set = (int) OPTION.invokeExact(errno, descriptor, SOL_SOCKET, SO_RCVTIMEO, limit, 16);
    int bound = (int) BIND.invokeExact(errno, descriptor, address, (int) address.byteSize());
    if (set != 0 || bound != 0) {
      throw new AssertionError("no receiver at " + name + ": error " + Libc.errno(errno));
    }
  }

  /** The next datagram, at the latest after ten seconds. */
  public byte[] receive() throws Throwable {
    long length = (long) RECEIVE.invokeExact(errno, descriptor, buffer, (long) MAX, 0);
    if (length < 0) {
      throw new AssertionError("no datagram came: error " + Libc.errno(errno));
    }
    return buffer.asSlice(0, length).toArray(JAVA_BYTE);
  }

  /** The next datagram as text. */
  public String text() throws Throwable {
    return new String(receive(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(errno, descriptor);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    arena.close();
  }
}
