package org.nethserver.events.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepSource;

/**
 * One events directory: the files of {@code <directory>/<event>/} are the event's steps. Keeps
 * nothing from one look-up to the next, not even an open directory: a module may be replaced as a
 * whole, by a rename, between two events.
 */
final class ScriptDirectory implements StepSource {
  private static final int LISTING_SIZE = 16 * 1024;

  private final Path root;
  private final byte[] directory;
  private final Trust trust;
  private final ScriptRunner runner;
  private final Arena arena = Arena.ofShared();

  /** The directory's path and a slash, behind which each look-up writes the event's name. */
  private final MemorySegment path;

  private final MemorySegment statx = arena.allocate(FileStatus.SIZE, 8);
  private final MemorySegment listing = arena.allocate(LISTING_SIZE, 8);
  private final MemorySegment empty = arena.allocate(1);

  /**
   * Makes a source.
   *
   * @param directory absolute; need not exist
   * @param trust whether files that others can change are refused
   * @param runner what runs the steps
   */
  ScriptDirectory(Path directory, Trust trust, ScriptRunner runner) {
    this.root = directory;
    this.directory = PathBytes.of(directory);
    this.trust = trust;
    this.runner = runner;
    this.path = arena.allocate(this.directory.length + 1 + EventName.MAX_LENGTH + 1);
    MemorySegment.copy(this.directory, 0, path, ValueLayout.JAVA_BYTE, 0, this.directory.length);
  }

  @Override
  public String origin() {
    return PathBytes.printable(directory);
  }

  @Override
  public boolean answers(EventName event) {
    int error = Posix.access(pathOf(event), Posix.F_OK);
    // Any other error is for entries() to tell.
    return error != -Errno.ENOENT && error != -Errno.ENOTDIR;
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    int opened =
        Posix.openat(
            Posix.AT_FDCWD, pathOf(event), Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW);
    // What is no directory may be a link to one.
    boolean linked = opened == -Errno.ENOTDIR || opened == -Errno.ELOOP;
    if (linked) {
      opened = Posix.openat(Posix.AT_FDCWD, pathOf(event), Posix.O_RDONLY | Posix.O_DIRECTORY);
    }
    if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
      return List.of();
    }
    if (opened < 0) {
      throw unreadable(event, opened);
    }
    try {
      return list(event, opened, linked);
    } finally {
      Posix.close(opened);
    }
  }

  @Override
  public Set<EventName> events() {
    Set<EventName> names = new TreeSet<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
      for (Path candidate : directories) {
        // A file's name can be anything; only those that an event can have matter.
        if (Files.isDirectory(candidate)) {
          eventName(candidate).ifPresent(names::add);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new UncheckedIOException(new IOException("cannot list \"" + origin() + "\"", e));
    }
    return names;
  }

  private static Optional<EventName> eventName(Path candidate) {
    try {
      return Optional.of(new EventName(String.valueOf(candidate.getFileName())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<StepEntry> list(EventName event, int opened, boolean linked) {
    byte[] eventDirectory =
        PathBytes.join(directory, event.text().getBytes(StandardCharsets.US_ASCII));
    Optional<String> objection = directoryObjection(event, opened, linked);
    List<StepEntry> entries = new ArrayList<>();
    int filled;
    while ((filled = Posix.getdents(opened, listing.address(), LISTING_SIZE)) > 0) {
      // struct linux_dirent64: u64 inode, s64 offset, u16 length, u8 type, the name and a NUL.
      for (int at = 0; at < filled; ) {
        int length = Short.toUnsignedInt(listing.get(ValueLayout.JAVA_SHORT, at + 16L));
        byte[] name = nameAt(at + 19L, at + length);
        if (!isSelfOrParent(name)) {
          classify(opened, eventDirectory, name, listing.address() + at + 19, objection)
              .ifPresent(entries::add);
        }
        at += length;
      }
    }
    if (filled < 0) {
      throw unreadable(event, filled);
    }
    return entries;
  }

  private Optional<StepEntry> classify(
      int opened,
      byte[] eventDirectory,
      byte[] name,
      long nameAddress,
      Optional<String> objection) {
    Optional<String> passedOver = PassedOverNames.reason(name);
    byte[] file = PathBytes.join(eventDirectory, name);
    String origin = PathBytes.printable(file);
    if (passedOver.isPresent()) {
      return entry(name, origin, new Disposition.PassedOver(passedOver.get()));
    }
    int error = Posix.statx(opened, nameAddress, Posix.AT_SYMLINK_NOFOLLOW, statx.address());
    if (error == -Errno.ENOENT) {
      // Listed, then removed: as if it had never been there.
      return Optional.empty();
    }
    FileStatus status = FileStatus.read(statx);
    boolean link = error == 0 && status.isLink();
    if (link) {
      error = Posix.statx(opened, nameAddress, 0, statx.address());
      status = FileStatus.read(statx);
    }
    if (error == 0 && status.isDirectory()) {
      return entry(name, origin, new Disposition.PassedOver("it is a directory"));
    }
    if (objection.isPresent()) {
      return entry(name, origin, new Disposition.Refused(objection.get()));
    }
    return entry(
        name,
        origin,
        error == 0
            ? disposition(opened, name, file, status, link)
            : new Disposition.Refused(unfollowable(link, error)));
  }

  private Disposition disposition(
      int opened, byte[] name, byte[] file, FileStatus status, boolean link) {
    if (link && status.isNullDevice()) {
      return new Disposition.Masks();
    }
    if (!status.isRegular()) {
      return new Disposition.Refused(
          "it is " + status.kind() + ", not a regular file; remove it or put a script there");
    }
    Optional<String> objection =
        trust == Trust.ANY ? Optional.empty() : objection(opened, name, status, link);
    if (objection.isPresent()) {
      return new Disposition.Refused(objection.get());
    }
    if (!status.isExecutableForSomebody()) {
      return new Disposition.Refused(
          "not executable (mode " + status.permissions() + "); run chmod +x");
    }
    return new Disposition.Runs(new ScriptStep(file, runner));
  }

  private Optional<String> objection(int opened, byte[] name, FileStatus status, boolean link) {
    TrustRules rules = runner.rules();
    if (!link) {
      return rules.objection(status, () -> PathBytes.printable(name));
    }
    try (LinkWalk walk = new LinkWalk(rules, opened)) {
      return walk.objection(name);
    }
  }

  /** Says what is wrong with the event's directory or the events directory above it. */
  private Optional<String> directoryObjection(EventName event, int opened, boolean linked) {
    if (trust == Trust.ANY) {
      return Optional.empty();
    }
    TrustRules rules = runner.rules();
    int error = Posix.statx(Posix.AT_FDCWD, pathOfDirectory(), 0, statx.address());
    if (error < 0) {
      return Optional.of("\"" + origin() + "\" cannot be examined: " + Errno.text(error));
    }
    Optional<String> objection = rules.objection(FileStatus.read(statx), this::origin);
    if (objection.isPresent()) {
      return objection;
    }
    return linked
        ? linkObjection(rules, event)
        : rules.objection(statusOf(opened), () -> origin() + "/" + event);
  }

  private Optional<String> linkObjection(TrustRules rules, EventName event) {
    int above = Posix.openat(Posix.AT_FDCWD, pathOfDirectory(), Posix.O_PATH);
    // Should it fail, the walk says so.
    try (LinkWalk walk = new LinkWalk(rules, above)) {
      return walk.objection(event.text().getBytes(StandardCharsets.US_ASCII));
    } finally {
      if (above >= 0) {
        Posix.close(above);
      }
    }
  }

  private static String unfollowable(boolean link, int error) {
    if (link && error == -Errno.ENOENT) {
      return "its symbolic link leads nowhere; mend the link or remove it";
    }
    return "it cannot be examined: " + Errno.text(error);
  }

  private FileStatus statusOf(int fd) {
    int error = Posix.statx(fd, empty.address(), Posix.AT_EMPTY_PATH, statx.address());
    if (error < 0) {
      throw new UncheckedIOException(
          new IOException("cannot examine \"" + origin() + "\": " + Errno.text(error)));
    }
    return FileStatus.read(statx);
  }

  private UncheckedIOException unreadable(EventName event, int error) {
    return new UncheckedIOException(
        new IOException("cannot read \"%s/%s\": %s".formatted(origin(), event, Errno.text(error))));
  }

  private static Optional<StepEntry> entry(byte[] name, String origin, Disposition disposition) {
    return Optional.of(new StepEntry(StepName.of(name), origin, disposition));
  }

  private static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
  }

  private byte[] nameAt(long start, long limit) {
    long end = start;
    while (end < limit && listing.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    return listing.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
  }

  private long pathOf(EventName event) {
    path.set(ValueLayout.JAVA_BYTE, directory.length, (byte) '/');
    // An event's name is ASCII, and ends with the NUL that setString adds.
    path.setString(directory.length + 1L, event.text(), StandardCharsets.US_ASCII);
    return path.address();
  }

  private long pathOfDirectory() {
    path.set(ValueLayout.JAVA_BYTE, directory.length, (byte) 0);
    return path.address();
  }

  @Override
  public void answer(Runnable reply) {
    runner.answer(reply);
  }

  @Override
  public void close() {
    runner.close();
    arena.close();
  }
}
