package org.nethserver.events.agent.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;

/**
 * Holds what was heard against what is recorded, both in order: which is which, and whether they
 * agree. Made for the time between two markers, and forgotten.
 */
final class Pairing {
  /** Whoever publishes at a replica by the thousands is not to stop the process with it. */
  private static final long MAX_COMPARED = 250_000;

  private final List<Journal.Entry> entries;

  /** {@link Heard}, and the names of the epochs whose markers were heard, as strings. */
  private final List<Object> heard;

  /** The places of the epochs in the order in which their markers were heard. */
  private final Map<String, Integer> epochs = new HashMap<>();

  private final Map<Journal.Entry, Heard> pairs = new IdentityHashMap<>();
  private final Set<Heard> paired = new HashSet<>();
  private long lastGap;
  private final boolean continued;
  private boolean torn;
  private boolean givenUp;

  /**
   * Pairs.
   *
   * @param entries in order
   * @param heard {@link Heard}, and names of epochs where their markers were heard
   * @param epochs all epochs of the subscription that are remembered, in order
   * @param continued whether the entries go on from where the marker was that was heard first; else
   *     some lie before all that was heard
   */
  Pairing(List<Journal.Entry> entries, List<Object> heard, List<String> epochs, boolean continued) {
    this.entries = entries;
    this.continued = continued;
    this.heard = heard;
    epochs.forEach(epoch -> this.epochs.put(epoch, this.epochs.size()));
    for (Journal.Entry entry : entries) {
      if (entry.content() instanceof Journal.Gap) {
        lastGap = entry.number();
      }
    }
    if (!isOneToOne()) {
      pairs.clear();
      paired.clear();
      byPosition();
      byContent();
      torn = isTorn();
    }
  }

  /** Returns what was heard of an entry; null if nothing was. */
  @Nullable Heard of(Journal.Entry entry) {
    return pairs.get(entry);
  }

  boolean isRecorded(Heard message) {
    return paired.contains(message);
  }

  /** Tells whether an epoch was heard otherwise than it was recorded. */
  boolean torn() {
    return torn;
  }

  /** Tells whether some of what ran may be among what is recorded and was not paired. */
  boolean unclear() {
    return lastGap > 0 || givenUp;
  }

  private void pair(Journal.Entry entry, Heard message) {
    pairs.put(entry, message);
    paired.add(message);
  }

  /** What is so nearly always, and quick to see: all was heard, and is recorded as it was heard. */
  private boolean isOneToOne() {
    int next = 0;
    for (Object each : heard) {
      if (each instanceof Heard message) {
        Journal.Entry entry = next < entries.size() ? entries.get(next++) : null;
        if (entry == null
            || !entry.position().equals(message.position)
            || !(entry.content() instanceof Journal.Recorded recorded)
            || !message.isLike(recorded)) {
          return false;
        }
        pair(entry, message);
      }
    }
    return next == entries.size();
  }

  private void byPosition() {
    Map<Position, Heard> known = new HashMap<>();
    for (Object each : heard) {
      if (each instanceof Heard message && message.position != null) {
        known.put(message.position, message);
      }
    }
    for (Journal.Entry entry : entries) {
      Heard message = known.get(entry.position());
      if (message != null
          && entry.content() instanceof Journal.Recorded recorded
          && message.isLike(recorded)) {
        pair(entry, message);
      }
    }
  }

  /**
   * The last first: what was heard before the first marker are the last entries before it. What was
   * run without a position is never paired: which entry it was, if any, cannot be known.
   */
  private void byContent() {
    List<Heard> free = new ArrayList<>();
    for (Object each : heard) {
      if (each instanceof Heard message && !paired.contains(message) && message.payload != null) {
        free.add(message);
      }
    }
    if ((long) free.size() * entries.size() > MAX_COMPARED) {
      givenUp = !free.isEmpty();
      return;
    }
    for (Journal.Entry entry : entries.reversed()) {
      if (pairs.containsKey(entry) || !(entry.content() instanceof Journal.Recorded recorded)) {
        continue;
      }
      for (int i = free.size() - 1; i >= 0; i--) {
        if (isNear(free.get(i), entry) && free.get(i).isLike(recorded)) {
          pair(entry, free.remove(i));
          break;
        }
      }
    }
  }

  private boolean isNear(Heard message, Journal.Entry entry) {
    Position position = message.position;
    if (position == null) {
      return !message.offered
          && !epochs.containsKey(entry.position().epoch())
          && entry.number() > lastGap;
    }
    // What was heard by an earlier subscription is recorded at its position or nowhere.
    return (lastGap == 0 || !message.offered)
        && epochs.containsKey(position.epoch())
        && mayHaveMissedMarkers(position.epoch(), entry);
  }

  /**
   * Whether what was heard in an epoch can be an entry of it, or of one whose marker was not heard.
   */
  private boolean mayHaveMissedMarkers(String epoch, Journal.Entry entry) {
    if (epochs.containsKey(entry.position().epoch())) {
      return entry.position().epoch().equals(epoch);
    }
    int place = epochs.getOrDefault(epoch, -1);
    for (Journal.Entry other : entries) {
      int known = epochs.getOrDefault(other.position().epoch(), -1);
      boolean beyond = other.number() < entry.number() ? known > place : known <= place;
      if (known >= 0 && beyond) {
        return false;
      }
    }
    return true;
  }

  private boolean isTorn() {
    for (int i = 0; i < heard.size(); i++) {
      if (heard.get(i) instanceof String epoch && !isWhole(epoch, i + 1)) {
        return true;
      }
    }
    // Where the last reading ended at a marker of this subscription, nothing unheard may follow.
    boolean begun = continued && !heard.isEmpty() && heard.getFirst() instanceof String;
    for (Journal.Entry entry : entries) {
      boolean known = epochs.containsKey(entry.position().epoch());
      if (begun && !known) {
        return true;
      }
      begun |= known;
    }
    return false;
  }

  /** Whether each position of an epoch was heard as it is recorded. */
  private boolean isWhole(String epoch, int from) {
    int index = from;
    for (Journal.Entry entry : entries) {
      if (entry.content() instanceof Journal.Recorded recorded
          && entry.position().epoch().equals(epoch)) {
        if (index == heard.size()
            || !(heard.get(index) instanceof Heard message)
            || !entry.position().equals(message.position)
            || !message.isLike(recorded)) {
          return false;
        }
        index++;
      }
    }
    return index == heard.size() || !(heard.get(index) instanceof Heard);
  }
}
