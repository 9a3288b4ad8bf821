package org.nethserver.events.exec;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry.Disposition;

/**
 * Reads a file that is no step, but says how an event is to be handled. The directory may belong to
 * a user who would like to see what only this process may read: so all is asked of the open file.
 */
final class DocumentFile {
  private static final int CHUNK = 16 << 10;

  private DocumentFile() {}

  /**
   * Reads it whole.
   *
   * @param directory open; stays the caller's
   */
  static Disposition read(int directory, byte[] name, StepLookUp.Rules rules) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocate(name.length + 1L);
      MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, 0, name.length);
      // Not waiting: what was a file may be a pipe by now.
      int fd =
          Posix.openat(
              directory, path.address(), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK);
      if (fd < 0) {
        return unreadable(fd);
      }
      try {
        Optional<String> objection = objection(fd, name, rules, arena);
        return objection.isPresent()
            ? new Disposition.Refused(objection.get())
            : read(fd, arena.allocate(CHUNK));
      } finally {
        Posix.close(fd);
      }
    }
  }

  private static Optional<String> objection(
      int fd, byte[] name, StepLookUp.Rules rules, Arena arena) {
    MemorySegment statx = arena.allocate(FileStatus.SIZE, 8);
    int error = Posix.statx(fd, arena.allocate(1).address(), Posix.AT_EMPTY_PATH, statx.address());
    FileStatus status = FileStatus.read(statx);
    if (error < 0 || !status.isRegular()) {
      return Optional.of("it is no regular file; put one there");
    }
    int user = rules.owners().uid();
    if (user != Posix.geteuid() && status.uid() != user && !status.isReadableForAll()) {
      return Optional.of("it cannot be read by the agent's user; run chmod a+r");
    }
    return rules.trust() == Trust.ANY
        ? Optional.empty()
        : rules.owners().objection(status, () -> PathBytes.printable(name));
  }

  private static Disposition read(int fd, MemorySegment chunk) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int got;
    while ((got = Posix.read(fd, chunk.address(), CHUNK)) > 0) {
      content.writeBytes(chunk.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE));
      if (content.size() > EventFile.MAX_SIZE) {
        return new Disposition.Refused(
            "it is larger than " + (EventFile.MAX_SIZE >> 10) + " KiB; make it smaller");
      }
    }
    return got < 0
        ? unreadable(got)
        : new Disposition.Document(Payload.wrap(content.toByteArray()));
  }

  private static Disposition unreadable(int error) {
    return new Disposition.Refused(
        "it cannot be read: " + Errno.text(error) + "; let the agent's user read it");
  }
}
