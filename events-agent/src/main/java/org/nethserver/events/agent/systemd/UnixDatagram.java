package org.nethserver.events.agent.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.posix.Libc;

/**
 * Sends datagrams to a unix socket, which Java's own channels cannot. Each datagram is addressed
 * anew, so that a receiver that was started again needs no reconnecting. Nothing here waits: what
 * the receiver has no room for is an error number, and waiting is the caller's affair. (A foreign
 * call that waits would hold a carrier of virtual threads.)
 */
public final class UnixDatagram implements AutoCloseable {
  /** What {@link #send} answers when the datagram was taken. */
  public static final int SENT = 0;

  /** This process may not send as that user. */
  public static final int EPERM = 1;

  /** Nobody has the address. */
  public static final int ENOENT = 2;

  /** The receiver's queue is full. */
  public static final int EAGAIN = 11;

  /** The kernel has no memory now. */
  public static final int ENOMEM = 12;

  /** The datagram is too long. */
  public static final int EMSGSIZE = 90;

  /** The kernel has no buffer now. */
  public static final int ENOBUFS = 105;

  /** The address is there but nobody receives. */
  public static final int ECONNREFUSED = 111;

  /**
   * As whom a datagram is sent, which the kernel tells the receiver.
   *
   * @param uid the user, unsigned
   * @param gid the group, unsigned
   */
  public record Sender(int uid, int gid) {}

  private static final int EBADF = 9;
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
  private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
  private static final int MAX_PATH = 107;
  private static final int FAMILY_BYTES = 2;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment errno = arena.allocate(Libc.ERRNO);
  private final MemorySegment address;
  private final MemorySegment buffer;
  private int descriptor;

  /** Made when somebody sends as another user. */
  private @Nullable SenderMessage asSender;

  /**
   * Makes a socket that sends to an address; whether somebody listens there shows with the first
   * {@link #send}.
   *
   * @param address a path, or {@code @NAME} for the abstract name space
   * @param maxBytes the longest datagram
   * @throws IOException if the address is none or the system grants no socket
   */
  public UnixDatagram(String address, int maxBytes) throws IOException {
    byte[] path = address.getBytes(StandardCharsets.UTF_8);
    boolean abstractName = address.startsWith("@");
    if (path.length < 2 || path.length > MAX_PATH || !(abstractName || address.startsWith("/"))) {
      arena.close();
      throw new IOException(
          "\"" + address + "\" is no unix socket: absolute path or @NAME, up to 107 bytes");
    }
    // A path ends with a NUL that counts; an abstract name begins with one and ends without.
    this.address = arena.allocate(FAMILY_BYTES + path.length + (abstractName ? 0 : 1), 2);
    this.address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, this.address, JAVA_BYTE, FAMILY_BYTES, path.length);
    if (abstractName) {
      this.address.set(JAVA_BYTE, FAMILY_BYTES, (byte) 0);
    }
    buffer = arena.allocate(maxBytes);
    try {
      descriptor = open();
    } catch (LinkageError e) {
      arena.close();
      throw new IOException("no foreign functions: start java with --enable-native-access", e);
    }
    if (descriptor < 0) {
      int error = Libc.errno(errno);
      arena.close();
      throw new IOException("no unix datagram socket: error " + error);
    }
  }

  /**
   * Sends one datagram without waiting.
   *
   * @param bytes where it is
   * @param length how many of them
   * @return {@link #SENT}, or the error number
   */
  public synchronized int send(byte[] bytes, int length) {
    if (descriptor < 0) {
      return EBADF;
    }
    if (length > buffer.byteSize()) {
      return EMSGSIZE;
    }
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, length);
    try {
      long sent =
          (long)
              Calls.SENDTO.invokeExact(
                  errno,
                  descriptor,
                  buffer,
                  (long) length,
                  MSG_DONTWAIT_NOSIGNAL,
                  address,
                  (int) address.byteSize());
      return sent < 0 ? Libc.errno(errno) : SENT;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /**
   * Sends one datagram without waiting, in the name of another user.
   *
   * @param sender who, for which the system asks root's rights
   * @return {@link #SENT}, or the error number
   */
  public synchronized int send(byte[] bytes, int length, Sender sender) {
    if (descriptor < 0) {
      return EBADF;
    }
    if (length > buffer.byteSize()) {
      return EMSGSIZE;
    }
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, length);
    if (asSender == null) {
      asSender = new SenderMessage(arena, address, buffer);
    }
    try {
      MemorySegment message = asSender.of(sender, length);
      long sent =
          (long)
              SenderMessage.SENDMSG.invokeExact(errno, descriptor, message, MSG_DONTWAIT_NOSIGNAL);
      return sent < 0 ? Libc.errno(errno) : SENT;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  @Override
  public synchronized void close() {
    if (descriptor < 0) {
      return;
    }
    try {
      int _ = (int) Calls.CLOSE.invokeExact(errno, descriptor);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    } finally {
      descriptor = -1;
      arena.close();
    }
  }

  private int open() {
    try {
      return (int) Calls.SOCKET.invokeExact(errno, AF_UNIX, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /** Apart, so that a refusal by the JVM comes when the constructor can catch it. */
  private static final class Calls {
    static final MethodHandle SOCKET =
        Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle SENDTO =
        Libc.function(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle CLOSE =
        Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }
}
