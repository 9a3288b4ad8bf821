package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.spi.StepEntry;

/**
 * The steps of an event as they were found, and by what to see that nothing about them has changed
 * since: one status a file is a tenth of finding them afresh.
 *
 * @param entries the steps
 * @param looked the files and directories that they depend on
 */
record Snapshot(List<StepEntry> entries, List<Looked> looked) {
  /**
   * What was changed twice within one tick of its file system's clock looks the same after both. So
   * what is that young is looked up again.
   */
  private static final Duration COARSEST_TICK = Duration.ofSeconds(2);

  /** A file or directory: its path, ended by a NUL, and what it was. */
  record Looked(MemorySegment path, int flags, Stamp stamp) {}

  /** Tells whether all is as it was. */
  boolean isCurrent(MemorySegment statx) {
    for (Looked file : looked) {
      if (Posix.statx(Posix.AT_FDCWD, file.path().address(), file.flags(), statx.address()) < 0
          || !file.stamp().matches(statx)) {
        return false;
      }
    }
    return true;
  }

  /** Collects, during one look-up, what the result depends on. */
  static final class Maker {
    private final List<Looked> looked = new ArrayList<>();
    private final Instant settled;
    private boolean keepable = true;

    /**
     * Begins.
     *
     * @param now when the look-up begins
     */
    Maker(Instant now) {
      this.settled = now.minus(COARSEST_TICK);
    }

    /**
     * Notes a file or directory.
     *
     * @param path its absolute path
     * @param flags how to look at it again
     * @param error negative if it could not be looked at
     * @param statx what it is
     */
    void note(byte[] path, int flags, int error, MemorySegment statx) {
      Stamp stamp = Stamp.read(statx);
      keepable = keepable && error == 0 && stamp.isBefore(settled);
      if (keepable) {
        looked.add(new Looked(nullEnded(path), flags, stamp));
      }
    }

    private static MemorySegment nullEnded(byte[] path) {
      MemorySegment copy = Arena.ofAuto().allocate(path.length + 1L);
      MemorySegment.copy(path, 0, copy, ValueLayout.JAVA_BYTE, 0, path.length);
      return copy;
    }

    /** Gives up: the result depends on more than can be noted, such as what links lead to. */
    void forgo() {
      keepable = false;
    }

    Optional<Snapshot> make(List<StepEntry> entries) {
      return keepable ? Optional.of(new Snapshot(entries, List.copyOf(looked))) : Optional.empty();
    }
  }
}
