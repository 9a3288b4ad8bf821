package org.nethserver.events.exec;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.LookUp;

/**
 * All names that one events directory may have: what is not among them need not be looked for. They
 * grow by what is added there, and are forgotten when anything on the way changes, so they never
 * lack a name that is there; one that has vanished costs its look-up as before.
 */
final class KnownNames implements AutoCloseable {
  /** More would be worth neither the memory nor the time to read them. */
  static final int MAX_NAMES = 4096;

  /** So often may a module that changes all the time have its directory read. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What cannot be known now can be later: rights, limits and file systems change. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

  private final byte[] directory;
  private final DirectoryWatch watch;
  private final InstantSource clock;
  private final Consumer<NameSet> learnt;
  private final Set<Integer> watches = new HashSet<>();

  /** Null if they are not known. */
  private @Nullable NameSet names;

  private Instant tried = Instant.MIN;
  private Duration pause = PAUSE;

  /**
   * Knows nothing yet.
   *
   * @param directory the events directory's absolute path
   * @param clock tells how long ago the directory was read
   * @param learnt hears of names that were read anew
   */
  KnownNames(
      byte[] directory, DirectoryWatch watch, InstantSource clock, Consumer<NameSet> learnt) {
    this.directory = directory;
    this.watch = watch;
    this.clock = clock;
    this.learnt = learnt;
  }

  /** Tells whether the directory surely has nothing of the event's name. */
  boolean lack(LookUp lookUp) {
    if (!watch.caughtUp(lookUp)) {
      return false;
    }
    NameSet known = names;
    if (known != null) {
      return !known.mayHold(watch.hash());
    }
    learnIfDue();
    // What changes while the names are read is told at the next look-up; this one looks itself.
    return false;
  }

  /** Adds a name; returns false if there are too many. */
  boolean add(int hash) {
    NameSet known = names;
    if (known == null || known.size() >= MAX_NAMES) {
      return false;
    }
    known.add(hash);
    return true;
  }

  void forget() {
    names = null;
    watch.remove(this, watches);
    watches.clear();
  }

  private void learnIfDue() {
    Instant now = clock.instant();
    // A clock may be set back.
    if (!now.isBefore(tried) && now.isBefore(tried.plus(pause))) {
      return;
    }
    tried = now;
    try (WatchedWay way = new WatchedWay(this, watch, watches)) {
      names = way.names(directory);
    }
    NameSet known = names;
    if (known == null) {
      forget();
      pause = PAUSE_AFTER_FAILURE;
    } else {
      learnt.accept(known);
      pause = PAUSE;
    }
  }

  /** Any thread, after the last look-up. */
  @Override
  public void close() {
    watch.release(this);
  }
}
