package org.nethserver.events.agent.run;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.EventName;

/**
 * How many runs there are of events of a name, where a policy bounds that, and who waits for one of
 * them to end. Lives on the dispatch thread.
 *
 * @param <W> who waits
 */
final class Concurrency<W> {
  private final Map<EventName, Kind<W>> kinds = new HashMap<>();

  /** One that is bounded. */
  interface Bounded {
    EventName name();

    /** Returns how many there may be at once of this name. */
    int max();

    private boolean isBounded() {
      return max() < Integer.MAX_VALUE;
    }
  }

  private static final class Kind<W> {
    private final Queue<W> waiting = new ArrayDeque<>();
    private int running;
  }

  boolean isFull(Bounded next) {
    if (!next.isBounded()) {
      return false;
    }
    Kind<W> kind = kinds.get(next.name());
    return kind != null && kind.running >= next.max();
  }

  /** Waits for the end of a run of that name: {@link #isFull} said that there is one. */
  void await(Bounded next, W who) {
    Objects.requireNonNull(kinds.get(next.name())).waiting.add(who);
  }

  void enter(Bounded run) {
    if (run.isBounded()) {
      kinds.computeIfAbsent(run.name(), _ -> new Kind<>()).running++;
    }
  }

  void leave(Bounded run) {
    Kind<W> kind = run.isBounded() ? kinds.get(run.name()) : null;
    if (kind != null) {
      kind.running--;
      forgetIfEmpty(run.name(), kind);
    }
  }

  /** Takes out who has waited longest for runs of this name, if one more may begin. */
  @Nullable W next(Bounded another) {
    Kind<W> kind = another.isBounded() ? kinds.get(another.name()) : null;
    if (kind == null || kind.running >= another.max()) {
      return null;
    }
    W next = kind.waiting.poll();
    forgetIfEmpty(another.name(), kind);
    return next;
  }

  private void forgetIfEmpty(EventName name, Kind<W> kind) {
    if (kind.running == 0 && kind.waiting.isEmpty()) {
      kinds.remove(name);
    }
  }

  void forEachWaiting(Consumer<W> action) {
    kinds.values().forEach(kind -> kind.waiting.forEach(action));
  }

  void clearWaiting() {
    kinds.values().forEach(kind -> kind.waiting.clear());
  }
}
