package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Finds out why the kernel would not start a file, and the cure. Looks at the file's first line,
 * since an exec says no more than "no such file" when it is the interpreter that is missing.
 */
final class StartFailure {
  /** What the kernel reads of a first line. */
  private static final int HEAD = 256;

  private static final String TOO_MANY =
      "the limit of processes is reached; raise TasksMax= or LimitNPROC= of the unit";

  private final byte[] file;
  private final byte[] directory;
  private final StepAccount account;

  /**
   * Takes what was to be started.
   *
   * @param file the file's absolute path
   * @param directory where it was to run
   * @param account as whom
   */
  StartFailure(byte[] file, byte[] directory, StepAccount account) {
    this.file = file;
    this.directory = directory;
    this.account = account;
  }

  /** Explains why nothing was started. */
  String explain(StartCall.Failure failure) {
    int error = failure.error();
    return switch (failure.call()) {
      case PIPE -> noPipe(error);
      case CLONE -> noProcess(error);
      case BECOME ->
          "it cannot become user \"%s\": %s; the agent needs CAP_SETUID and CAP_SETGID"
              .formatted(account.name(), Errno.text(error));
      case ENTER ->
          "its working directory \"%s\" cannot be entered%s: %s"
              .formatted(
                  PathBytes.printable(directory),
                  account.isOther() ? " by user \"" + account.name() + "\"" : "",
                  Errno.text(error));
      case EXEC -> noExec(error);
      case NONE, GROUP, REDIRECT, CLOSE -> "it cannot be started: " + Errno.text(error);
    };
  }

  /** Says that there was no descriptor for the pipes. */
  static String noPipe(int error) {
    return switch (error) {
      case Errno.EMFILE ->
          "too many open files in the agent; raise its limit (LimitNOFILE= of the unit)";
      case Errno.ENFILE -> "too many open files in the system; raise fs.file-max";
      default -> "no pipe for its output: " + Errno.text(error);
    };
  }

  private static String noProcess(int error) {
    return switch (error) {
      case Errno.EMFILE, Errno.ENFILE -> noPipe(error);
      case Errno.EAGAIN -> TOO_MANY;
      default -> "it cannot be started: " + Errno.text(error);
    };
  }

  private String noExec(int error) {
    try (Arena arena = Arena.ofConfined()) {
      long path = string(arena, file);
      return switch (error) {
        case Errno.ENOEXEC -> noFormat(head(arena, path));
        case Errno.ENOENT, Errno.ENOTDIR -> missing(arena, path);
        case Errno.EACCES, Errno.EPERM -> denied(arena, path);
        case Errno.ETXTBSY ->
            "the file is still open for writing; replace it by a rename when it is complete";
        case Errno.E2BIG -> "its environment is too large for the kernel; shorten ./environment";
        case Errno.EAGAIN -> TOO_MANY;
        default -> "it cannot be started: " + Errno.text(error);
      };
    }
  }

  private static String noFormat(byte[] head) {
    if (head.length == 0) {
      return "the file is empty or cannot be read; write a script that begins with #!/bin/bash";
    }
    if (head.length > 3 && head[0] == (byte) 0xef && startsWith(head, 3, "#!")) {
      return "a byte order mark stands before its #! line; save it as UTF-8 without one";
    }
    if (startsWith(head, 1, "ELF")) {
      return "it is a program for another kind of machine; install the one for this machine";
    }
    if (startsWith(head, 0, "#!")) {
      return "its #! line names no interpreter; begin it with, say, #!/bin/bash";
    }
    return "no #! line; begin it with, say, #!/bin/bash";
  }

  private String missing(Arena arena, long path) {
    if (Posix.access(path, Posix.F_OK) < 0) {
      return "the file vanished before it could be started";
    }
    String interpreter = interpreter(head(arena, path));
    if (interpreter.isEmpty()) {
      return "the loader that its program names does not exist; install it";
    }
    if (interpreter.endsWith("\r")) {
      return "its first line ends in CR LF; turn its line ends into LF, as dos2unix does";
    }
    return "the interpreter \"%s\" named in its first line does not exist; install or correct it"
        .formatted(printable(interpreter));
  }

  private String denied(Arena arena, long path) {
    if (!mayExecute(arena, path)) {
      FileStatus status = status(arena, Posix.AT_FDCWD, path, 0);
      return "not executable (mode %s, owner %s) for %s; run chmod +x"
          .formatted(status.permissions(), Integer.toUnsignedString(status.uid()), whom());
    }
    String interpreter = interpreter(head(arena, path));
    if (!interpreter.isEmpty()) {
      byte[] bytes = interpreter.getBytes(StandardCharsets.ISO_8859_1);
      if (!mayExecute(arena, string(arena, bytes))) {
        return "the interpreter \"%s\" named in its first line is not executable; correct it"
            .formatted(printable(interpreter));
      }
    }
    return account.isOther()
        ? "%s may not execute it; look for a directory on its way that is closed to that user, a noexec"
                .formatted(whom())
            + " mount, or a security policy"
        : "the system forbids to execute it; look for a noexec mount or a security policy";
  }

  private String whom() {
    return account.isOther() ? "user \"" + account.name() + "\"" : "the agent's user";
  }

  private boolean mayExecute(Arena arena, long path) {
    return account.isOther()
        ? account.mayExecute(status(arena, Posix.AT_FDCWD, path, 0))
        : Posix.access(path, Posix.X_OK) == 0;
  }

  private static FileStatus status(Arena arena, int directory, long path, int flags) {
    MemorySegment statx = arena.allocate(FileStatus.SIZE, 8);
    Posix.statx(directory, path, flags, statx.address());
    return FileStatus.read(statx);
  }

  /** Returns what stands behind the #!, up to a blank: one char a byte, empty if there is none. */
  private static String interpreter(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (!text.startsWith("#!")) {
      return "";
    }
    int end = text.indexOf('\n');
    String line = end < 0 ? text.substring(2) : text.substring(2, end);
    int start = 0;
    while (start < line.length() && isBlank(line.charAt(start))) {
      start++;
    }
    int stop = start;
    while (stop < line.length() && !isBlank(line.charAt(stop))) {
      stop++;
    }
    return line.substring(start, stop);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static String printable(String oneCharAByte) {
    return PathBytes.printable(oneCharAByte.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Returns the first bytes; none where it may not be read. What lies at the path may have been
   * swapped since it was looked up, by a user who would like us to open something in his place: so
   * it is looked at before, opened as a place only.
   */
  private byte[] head(Arena arena, long path) {
    int place = Posix.openat(Posix.AT_FDCWD, path, Posix.O_PATH);
    if (place < 0) {
      return new byte[0];
    }
    try {
      FileStatus status = status(arena, place, string(arena, new byte[0]), Posix.AT_EMPTY_PATH);
      if (!status.isRegular() || account.isOther() && !account.mayRead(status)) {
        return new byte[0];
      }
      byte[] same = ("/proc/self/fd/" + place).getBytes(StandardCharsets.US_ASCII);
      int fd = Posix.openat(Posix.AT_FDCWD, string(arena, same), Posix.O_RDONLY | Posix.O_NONBLOCK);
      if (fd < 0) {
        return new byte[0];
      }
      MemorySegment buffer = arena.allocate(HEAD);
      int length = Posix.read(fd, buffer.address(), HEAD);
      Posix.close(fd);
      return buffer.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
    } finally {
      Posix.close(place);
    }
  }

  private static boolean startsWith(byte[] head, int at, String text) {
    return new String(head, StandardCharsets.ISO_8859_1).startsWith(text, at);
  }

  private static long string(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment.address();
  }
}
