package org.nethserver.events.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;

/** One look into an event's directory: which files are there, and what is to happen with each. */
final class StepLookUp {
  private final EventName event;
  private final LookUpArea area;
  private final Rules rules;
  private final Snapshot.Maker maker;
  private final byte[] eventDirectory;

  /**
   * What decides over a file.
   *
   * @param trust whether files that others can change are refused
   * @param runner what runs the steps
   */
  record Rules(Trust trust, ScriptRunner runner) {
    TrustRules owners() {
      return runner.rules();
    }
  }

  private StepLookUp(EventName event, LookUpArea area, Rules rules, Snapshot.Maker maker) {
    this.event = event;
    this.area = area;
    this.rules = rules;
    this.maker = maker;
    this.eventDirectory = area.directoryOf(event);
  }

  /**
   * Lists an event's directory; no entries where there is none.
   *
   * @param maker told what the result depends on
   */
  static List<StepEntry> entries(
      EventName event, LookUpArea area, Rules rules, Snapshot.Maker maker) {
    int opened =
        Posix.openat(
            Posix.AT_FDCWD,
            area.pathOf(event),
            Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW);
    // What is no directory may be a link to one.
    boolean linked = opened == -Errno.ENOTDIR || opened == -Errno.ELOOP;
    if (linked) {
      maker.forgo();
      opened = Posix.openat(Posix.AT_FDCWD, area.pathOf(event), Posix.O_RDONLY | Posix.O_DIRECTORY);
    }
    if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR) {
      maker.forgo();
      return List.of();
    }
    if (opened < 0) {
      throw unreadable(area.directoryOf(event), opened);
    }
    try {
      return new StepLookUp(event, area, rules, maker).list(opened, linked);
    } finally {
      Posix.close(opened);
    }
  }

  private List<StepEntry> list(int opened, boolean linked) {
    Optional<String> objection = directoryObjection(opened, linked);
    List<StepEntry> entries = new ArrayList<>();
    int filled;
    while ((filled = Posix.getdents(opened, area.listing.address(), LookUpArea.LISTING_SIZE)) > 0) {
      // struct linux_dirent64: u64 inode, s64 offset, u16 length, u8 type, the name and a NUL.
      for (int at = 0; at < filled; ) {
        int length = Short.toUnsignedInt(area.listing.get(ValueLayout.JAVA_SHORT, at + 16L));
        byte[] name = nameAt(at + 19L, at + length);
        if (!isSelfOrParent(name)) {
          classify(opened, name, area.listing.address() + at + 19, objection)
              .ifPresent(entries::add);
        }
        at += length;
      }
    }
    if (filled < 0) {
      throw unreadable(eventDirectory, filled);
    }
    return List.copyOf(entries);
  }

  private Optional<StepEntry> classify(
      int opened, byte[] name, long nameAddress, Optional<String> objection) {
    Optional<String> passedOver = PassedOverNames.reason(name);
    byte[] file = PathBytes.join(eventDirectory, name);
    if (passedOver.isPresent()) {
      return entry(name, file, new Disposition.PassedOver(passedOver.get()));
    }
    int error = Posix.statx(opened, nameAddress, Posix.AT_SYMLINK_NOFOLLOW, area.statx.address());
    if (error == -Errno.ENOENT) {
      // Listed, then removed: as if it had never been there.
      maker.forgo();
      return Optional.empty();
    }
    maker.note(file, Posix.AT_SYMLINK_NOFOLLOW, error, area.statx);
    FileStatus status = FileStatus.read(area.statx);
    boolean link = error == 0 && status.isLink();
    if (link) {
      maker.forgo();
      error = Posix.statx(opened, nameAddress, 0, area.statx.address());
      status = FileStatus.read(area.statx);
    }
    if (error == 0 && status.isDirectory()) {
      return entry(name, file, new Disposition.PassedOver("it is a directory"));
    }
    if (objection.isPresent()) {
      return entry(name, file, new Disposition.Refused(objection.get()));
    }
    return entry(
        name,
        file,
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
        rules.trust() == Trust.ANY ? Optional.empty() : objection(opened, name, status, link);
    if (objection.isPresent()) {
      return new Disposition.Refused(objection.get());
    }
    if (EventFile.of(StepName.of(name)).isPresent()) {
      // A link that root follows could show its owner what only root may read.
      return link
          ? new Disposition.Refused("it is a symbolic link; put the file itself there")
          : DocumentFile.read(opened, name, rules);
    }
    if (!status.isExecutableForSomebody()) {
      return new Disposition.Refused(
          "not executable (mode " + status.permissions() + "); run chmod +x");
    }
    return new Disposition.Runs(new ScriptStep(file, rules.runner()));
  }

  private Optional<String> objection(int opened, byte[] name, FileStatus status, boolean link) {
    if (!link) {
      return rules.owners().objection(status, () -> PathBytes.printable(name));
    }
    try (LinkWalk walk = new LinkWalk(rules.owners(), opened)) {
      return walk.objection(name);
    }
  }

  /** Says what is wrong with the event's directory or the events directory above it. */
  private Optional<String> directoryObjection(int opened, boolean linked) {
    int error = Posix.statx(Posix.AT_FDCWD, area.pathOfDirectory(), 0, area.statx.address());
    maker.note(area.directory(), 0, error, area.statx);
    FileStatus above = FileStatus.read(area.statx);
    int ownError =
        Posix.statx(opened, area.empty.address(), Posix.AT_EMPTY_PATH, area.statx.address());
    maker.note(eventDirectory, Posix.AT_SYMLINK_NOFOLLOW, ownError, area.statx);
    if (rules.trust() == Trust.ANY) {
      return Optional.empty();
    }
    if (error < 0 || ownError < 0) {
      return Optional.of(
          "\"%s\" cannot be examined: %s"
              .formatted(area.origin(), Errno.text(Math.min(error, ownError))));
    }
    Optional<String> objection = rules.owners().objection(above, area::origin);
    if (objection.isPresent()) {
      return objection;
    }
    return linked
        ? linkObjection()
        : rules
            .owners()
            .objection(FileStatus.read(area.statx), () -> PathBytes.printable(eventDirectory));
  }

  private Optional<String> linkObjection() {
    int above = Posix.openat(Posix.AT_FDCWD, area.pathOfDirectory(), Posix.O_PATH);
    // Should it fail, the walk says so.
    try (LinkWalk walk = new LinkWalk(rules.owners(), above)) {
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

  private static UncheckedIOException unreadable(byte[] eventDirectory, int error) {
    return new UncheckedIOException(
        new IOException(
            "cannot read \"%s\": %s"
                .formatted(PathBytes.printable(eventDirectory), Errno.text(error))));
  }

  private static Optional<StepEntry> entry(byte[] name, byte[] file, Disposition disposition) {
    return Optional.of(new StepEntry(StepName.of(name), PathBytes.printable(file), disposition));
  }

  private static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
  }

  private byte[] nameAt(long start, long limit) {
    long end = start;
    while (end < limit && area.listing.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    return area.listing.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
  }
}
