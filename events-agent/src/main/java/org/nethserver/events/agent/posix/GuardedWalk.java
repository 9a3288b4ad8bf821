package org.nethserver.events.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.nethserver.events.agent.run.FileReading;

/** One way to one file, by the rules of a {@link GuardedReading}. */
final class GuardedWalk implements AutoCloseable {
  /** The kernel's own limit. */
  private static final int MAX_LINKS = 40;

  private static final int LONGEST = 4096;
  private static final int PIECE = 16 * 1024;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int ELOOP = 40;

  private final GuardedReading rules;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment text = arena.allocate(LONGEST);
  private final MemorySegment statx = arena.allocate(FileStatus.BYTES, 8);
  private final Deque<String> todo = new ArrayDeque<>();

  /** The directory reached, open as a place only; negative before the first. */
  private int here = -1;

  /** Whether nobody but root could have led us here. */
  private boolean onlyRootWasHere = true;

  /** Whether others can add names here, if none that is in the way of another. */
  private boolean isShared;

  private int links;

  GuardedWalk(GuardedReading rules) {
    this.rules = rules;
  }

  byte[] read(Path file) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    push(whole.toString());
    here = open(SystemCalls.AT_FDCWD, "/", SystemCalls.O_PATH, whole);
    pass(here, whole);
    while (todo.size() > 1) {
      step(whole);
    }
    if (todo.isEmpty()) {
      throw new IOException(file + " is no regular file");
    }
    return content(whole, todo.pop());
  }

  /** Goes into the next directory, or puts what a link says in its place. */
  private void step(Path whole) throws IOException {
    int next = open(here, todo.pop(), SystemCalls.O_PATH | SystemCalls.O_NOFOLLOW, whole);
    FileStatus status;
    try {
      status = status(next, whole);
      if (status.isLink()) {
        if (!onlyRootWasHere || isShared || status.uid() != 0 || ++links > MAX_LINKS) {
          throw new IOException(
              whole
                  + ": the link "
                  + place(next)
                  + " on the way is not followed: "
                  + (links > MAX_LINKS ? "there are too many" : "others than root could make it"));
        }
        String target = link(next, "");
        push(target);
        if (target.startsWith("/")) {
          int root = open(SystemCalls.AT_FDCWD, "/", SystemCalls.O_PATH, whole);
          SystemCalls.close(here);
          here = root;
          isShared = false;
        }
        SystemCalls.close(next);
        return;
      }
      if (!status.isDirectory()) {
        throw new IOException(whole + ": " + place(next) + " is no directory");
      }
    } catch (IOException e) {
      SystemCalls.close(next);
      throw e;
    }
    SystemCalls.close(here);
    here = next;
    pass(here, whole);
  }

  private void pass(int directory, Path whole) throws IOException {
    FileStatus status = status(directory, whole);
    String objection = rules.objection(status);
    if (!objection.isEmpty()) {
      throw new IOException(
          whole + ": the directory " + place(directory) + " on the way " + objection);
    }
    onlyRootWasHere &= status.isRootAlone();
    isShared = status.isSticky();
  }

  private byte[] content(Path whole, String name) throws IOException {
    // Without waiting: a FIFO would have a writer waited for.
    int fd = open(here, name, SystemCalls.O_NOFOLLOW | SystemCalls.O_NONBLOCK, whole);
    try {
      String objection = rules.fileObjection(status(fd, whole), onlyRootWasHere && !isShared);
      if (!objection.isEmpty()) {
        throw new IOException(whole + " " + objection);
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      MemorySegment buffer = arena.allocate(PIECE);
      for (int n = SystemCalls.read(fd, buffer); n != 0; n = SystemCalls.read(fd, buffer)) {
        if (n < 0) {
          throw new IOException(whole + " cannot be read: error " + -n);
        }
        content.writeBytes(buffer.asSlice(0, n).toArray(JAVA_BYTE));
        if (content.size() > FileReading.MAX_BYTES) {
          throw new IOException(whole + " is larger than 1 MiB");
        }
      }
      return content.toByteArray();
    } finally {
      SystemCalls.close(fd);
    }
  }

  /** Puts the names of a path before those that are still to go. */
  private void push(String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty()) {
        todo.push(names[i]);
      }
    }
  }

  private int open(int directory, String name, int flags, Path whole) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= LONGEST) {
      throw new IOException(whole + " has a name that is too long");
    }
    int fd = SystemCalls.openat(directory, text(bytes), flags);
    return switch (-fd) {
      case ENOENT -> throw new IOException(whole + " (No such file or directory)");
      case EACCES -> throw new IOException(whole + " (Permission denied)");
      case ELOOP -> throw new IOException(whole + " is a symbolic link, which is not followed");
      default -> {
        if (fd < 0) {
          throw new IOException(whole + " cannot be opened: error " + -fd);
        }
        yield fd;
      }
    };
  }

  private FileStatus status(int fd, Path whole) throws IOException {
    int error = SystemCalls.statx(fd, text(new byte[0]), SystemCalls.AT_EMPTY_PATH, statx);
    if (error < 0) {
      throw new IOException(whole + " cannot be looked at: error " + -error);
    }
    return FileStatus.read(statx);
  }

  /** Returns where a descriptor leads, for people. */
  private String place(int fd) {
    return link(SystemCalls.AT_FDCWD, "/proc/self/fd/" + fd);
  }

  private String link(int directory, String link) {
    text(link.getBytes(StandardCharsets.UTF_8));
    MemorySegment target = arena.allocate(LONGEST);
    int length = SystemCalls.readlinkat(directory, text, target);
    return new String(
        target.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private MemorySegment text(byte[] bytes) {
    MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
    text.set(JAVA_BYTE, bytes.length, (byte) 0);
    return text;
  }

  @Override
  public void close() {
    if (here >= 0) {
      SystemCalls.close(here);
    }
    arena.close();
  }
}
