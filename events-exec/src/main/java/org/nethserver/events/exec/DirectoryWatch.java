package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.LookUp;

/**
 * Sees whatever could lead to something new in the events directories of this process, and has
 * {@link KnownNames} told of it before a look-up relies on them. It costs one system call for all
 * events that wait, while nothing changes, however many directories there are; and nothing without
 * events.
 *
 * <p>Threads: that of the look-ups, but for {@link #release}.
 */
final class DirectoryWatch implements AutoCloseable {
  /** Far beyond what agents need, far below what the kernel lets a user have. */
  static final int MAX_WATCHES = 10_000;

  /**
   * How many changes are looked through for one watch. A directory that changes so much is not
   * worth it: the look-ups that depend on it make system calls for a while.
   */
  private static final int BUSY = 10_000;

  private static final long CHANGES = 1;
  private static final long MOUNTS = 2;

  private final Epoll epoll = new Epoll();
  private final Inotify inotify = new Inotify();
  private final int mounts = openMounts();
  private final int maxWatches;
  private final Map<Integer, Watched> watched = new HashMap<>();
  private final Queue<KnownNames> released = new ConcurrentLinkedQueue<>();
  private final Consumer<String> untold;
  private boolean told;

  /** The look-up that is going on, and the hash of its event. */
  private @Nullable LookUp current;

  private int hash;

  /** The moment up to which changes were looked for, and whether all were seen. */
  private LookUp.@Nullable Moment moment;

  private boolean complete;

  /** A watched directory. */
  private static final class Watched {
    private final List<Interest> interests = new ArrayList<>();
    private int changes;
  }

  /**
   * What somebody wants to know of a directory.
   *
   * @param known who
   * @param name the hash of the only name that matters; {@link NameSet#NO_NAME} if all do
   */
  private record Interest(KnownNames known, int name) {}

  /**
   * Watches nothing yet.
   *
   * @param maxWatches beyond which nothing is watched
   * @param untold hears once, in words for people, why something cannot be watched
   */
  DirectoryWatch(int maxWatches, Consumer<String> untold) {
    this.maxWatches = maxWatches;
    this.untold = untold;
    int error = Math.min(0, Math.min(inotify.descriptor(), mounts));
    error = error < 0 ? error : epoll.add(inotify.descriptor(), Epoll.IN, CHANGES);
    error = error < 0 ? error : epoll.add(mounts, Epoll.PRIORITY, MOUNTS);
    if (error < 0) {
      tell(Errno.text(error));
    }
  }

  private static int openMounts() {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom("/proc/self/mountinfo", StandardCharsets.US_ASCII).address();
      return Posix.openat(Posix.AT_FDCWD, path, Posix.O_RDONLY);
    }
  }

  /**
   * Makes sure that all who know names know what has changed before the look-up's moment.
   *
   * @return whether they do; false if there are more changes than one look-up should wait for
   */
  boolean caughtUp(LookUp lookUp) {
    if (lookUp != current) {
      current = lookUp;
      hash = NameSet.hash(lookUp.event().text());
      if (lookUp.moment() != moment) {
        moment = lookUp.moment();
        if (!released.isEmpty()) {
          forgetReleased();
        }
        int ready = epoll.poll();
        complete = ready == 0 || catchUp(ready);
      }
    }
    return complete;
  }

  /** Returns the hash of the event that the look-up is for. */
  int hash() {
    return hash;
  }

  private boolean catchUp(int ready) {
    boolean all = ready > 0;
    if (!all) {
      forgetAll();
    }
    for (int i = 0; i < ready; i++) {
      if (epoll.token(i) == MOUNTS) {
        forgetAll();
      } else {
        all &= inotify.read(listener);
      }
    }
    return all;
  }

  private final Inotify.Listener listener =
      new Inotify.Listener() {
        @Override
        public void changed(int watch, int name) {
          Watched directory = watched.get(watch);
          if (directory != null) {
            directory.changes++;
            DirectoryWatch.this.changed(directory, name);
          }
        }

        @Override
        public void overflowed() {
          forgetAll();
        }
      };

  private void changed(Watched directory, int name) {
    boolean itself = name == NameSet.NO_NAME || directory.changes > BUSY;
    @Nullable List<KnownNames> spoilt = null;
    for (Interest interest : directory.interests) {
      boolean forgets =
          itself
              || (interest.name == NameSet.NO_NAME
                  ? !interest.known.add(name)
                  : interest.name == name);
      if (forgets) {
        spoilt = spoilt == null ? new ArrayList<>() : spoilt;
        spoilt.add(interest.known);
      }
    }
    if (spoilt != null) {
      spoilt.forEach(KnownNames::forget);
    }
  }

  /**
   * Begins to watch an open directory for somebody.
   *
   * @param name the hash of the only name that matters, or {@link NameSet#NO_NAME}
   * @return the watch's number or the negated error
   */
  int add(int directory, KnownNames known, int name) {
    int watch = watched.size() < maxWatches ? inotify.add(directory) : -Errno.ENOSPC;
    if (watch >= 0) {
      Interest interest = new Interest(known, name);
      watched.computeIfAbsent(watch, _ -> new Watched()).interests.add(interest);
    } else if (watch == -Errno.ENOSPC) {
      tell("there are as many watches as may be; see fs.inotify.max_user_watches");
    }
    return watch;
  }

  /** Watches nothing for somebody any more. */
  void remove(KnownNames known, Set<Integer> watches) {
    for (Integer watch : watches) {
      Watched directory = watched.get(watch);
      if (directory != null) {
        directory.interests.removeIf(interest -> interest.known == known);
        if (directory.interests.isEmpty()) {
          watched.remove(watch);
          inotify.remove(watch);
        }
      }
    }
  }

  /** Watches nothing for somebody from the next look-up on. Any thread. */
  void release(KnownNames known) {
    released.add(known);
  }

  private void forgetReleased() {
    KnownNames known;
    while ((known = released.poll()) != null) {
      known.forget();
    }
  }

  private void forgetAll() {
    Set<KnownNames> all = new HashSet<>();
    watched.values().forEach(one -> one.interests.forEach(interest -> all.add(interest.known)));
    all.forEach(KnownNames::forget);
  }

  private void tell(String why) {
    if (!told) {
      told = true;
      untold.accept(why);
    }
  }

  @Override
  public void close() {
    epoll.close();
    inotify.close();
    if (mounts >= 0) {
      Posix.close(mounts);
    }
  }
}
