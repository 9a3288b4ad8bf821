package org.nethserver.events.agent.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of an agent outlives its process, as lines that are added when something happens:
 *
 * <ul>
 *   <li>{@code P RUNS}: a process begins; its starts of steps have names that begin so
 *   <li>{@code S ID COUNT}: a run began, for the COUNTth time
 *   <li>{@code U ID}: it was broken off by the agent, and will be repeated: that was no crash
 *   <li>{@code E ID FINGERPRINT}: it ended
 *   <li>{@code C ENTRY POSITION}: nothing is left to run up to this entry. What stands before this
 *       line is history, but for what is said again after it
 *   <li>{@code D ID ENTRY CHANNEL}, {@code X ID}: an event was set aside; it is no more
 * </ul>
 *
 * <p>Threads: one at a time.
 */
public final class AgentState {
  /**
   * So many entries that it passed are remembered, to find the way back in a journal that forked.
   */
  private static final int MAX_PASSED = 256;

  private static final int MAX_RECENT = 1_000;

  /** Where lines go. */
  public interface Lines {
    /** Adds lines, each with its end; never throws: what cannot be written is told elsewhere. */
    void add(String lines);

    /**
     * Tells whether so much is history that all is better written anew.
     *
     * @return whether {@link #replace} should be called
     */
    boolean grown();

    /** Puts lines in the place of all that there are. */
    void replace(String lines);
  }

  /**
   * An event that is not run again by itself: its processes died in it.
   *
   * @param id the event
   * @param entry the id of its entry
   * @param channel its channel
   */
  public record Dead(String id, String entry, String channel) {}

  private final Lines lines;

  /** Entries that were the cursor, the last being the cursor. */
  private final Deque<Place> passed = new ArrayDeque<>();

  private final Map<String, Fingerprint> ended = new LinkedHashMap<>();

  /** Ended runs that lie before the cursor, to know them should the way lead back. */
  private final Map<String, Fingerprint> recent =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fingerprint> eldest) {
          return size() > MAX_RECENT;
        }
      };

  private final Map<String, Integer> starts = new LinkedHashMap<>();
  private final Map<String, Dead> dead = new LinkedHashMap<>();

  /** What was set aside and is no more, until the cursor is behind it: it is not given again. */
  private final Map<String, Dead> finished = new LinkedHashMap<>();

  private Optional<String> process = Optional.empty();

  public AgentState(List<String> before, Lines lines) {
    this.lines = lines;
    before.forEach(this::read);
  }

  /** A line that is not whole, or is another version's, is passed over: it costs a repetition. */
  private void read(String line) {
    String[] words = line.split(" ", -1);
    try {
      switch (words[0]) {
        case "P" -> process = Optional.of(words[1]);
        case "S" -> starts.put(words[1], Integer.parseInt(words[2]));
        case "U" -> undo(words[1]);
        case "E" -> {
          ended.put(words[1], Fingerprint.parse(words[2]));
          recent.remove(words[1]);
          starts.remove(words[1]);
        }
        case "C" -> {
          pass(Place.parse(words[1], words[2]));
          recent.putAll(ended);
          ended.clear();
          starts.clear();
        }
        case "D" -> {
          dead.put(words[1], new Dead(words[1], words[2], words[3]));
          starts.remove(words[1]);
        }
        case "X" -> finish(words[1]);
        default -> {}
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // As said above.
    }
  }

  private void pass(Place place) {
    finished.values().removeIf(event -> Place.numberOf(event.entry()) <= place.number());
    passed.addLast(place);
    if (passed.size() > MAX_PASSED) {
      passed.removeFirst();
    }
  }

  private void undo(String id) {
    starts.computeIfPresent(id, (_, count) -> count > 1 ? count - 1 : null);
  }

  /** Returns the cursor; null if this agent never had one. */
  @Nullable Place cursor() {
    return passed.peekLast();
  }

  /** Returns the entries that it passed, the newest first. */
  List<Place> passed() {
    return new ArrayList<>(passed).reversed();
  }

  /** Returns what the last process called its starts of steps, if it may have left some. */
  Optional<String> leftovers() {
    return starts.isEmpty() ? Optional.empty() : process;
  }

  Map<String, Fingerprint> ended() {
    return Map.copyOf(ended);
  }

  /** Returns how often a run was begun that never ended. */
  int starts(String id) {
    return starts.getOrDefault(id, 0);
  }

  List<Dead> dead() {
    return List.copyOf(dead.values());
  }

  void begin(String runs) {
    process = Optional.of(runs);
    lines.add("P " + runs + "\n");
  }

  void started(String id) {
    int count = starts.merge(id, 1, Integer::sum);
    lines.add(start(id, count));
  }

  private static String start(String id, int count) {
    return "S " + id + " " + count + "\n";
  }

  void brokenOff(String id) {
    undo(id);
    lines.add("U " + id + "\n");
  }

  void ended(String id, Fingerprint fingerprint) {
    starts.remove(id);
    ended.put(id, fingerprint);
    lines.add(end(id, fingerprint));
  }

  private static String end(String id, Fingerprint fingerprint) {
    return "E " + id + " " + fingerprint + "\n";
  }

  /** An ended run lies before the cursor that will be next. */
  void forget(String id) {
    Fingerprint fingerprint = ended.remove(id);
    if (fingerprint != null) {
      recent.put(id, fingerprint);
    }
  }

  /** Returns what a run before the cursor was of; null if there was none, or long ago. */
  @Nullable Fingerprint recent(String id) {
    return recent.get(id);
  }

  void cursor(Place place) {
    pass(place);
    if (lines.grown()) {
      StringBuilder all = new StringBuilder();
      recent.forEach((id, fingerprint) -> all.append(end(id, fingerprint)));
      passed.forEach(each -> all.append(cursorLine(each)));
      appendRest(all);
      process.ifPresent(runs -> all.append("P ").append(runs).append('\n'));
      dead.values().forEach(each -> all.append(dead(each)));
      finished.values().forEach(each -> all.append(dead(each)).append(end(each.id())));
      lines.replace(all.toString());
      return;
    }
    StringBuilder line = new StringBuilder(cursorLine(place));
    appendRest(line);
    lines.add(line.toString());
  }

  private static String cursorLine(Place place) {
    return "C " + place + "\n";
  }

  private void appendRest(StringBuilder text) {
    ended.forEach((id, fingerprint) -> text.append(end(id, fingerprint)));
    starts.forEach((id, count) -> text.append(start(id, count)));
  }

  void setAside(Dead event) {
    dead.put(event.id(), event);
    starts.remove(event.id());
    lines.add(dead(event));
  }

  private static String end(String id) {
    return "X " + id + "\n";
  }

  private static String dead(Dead event) {
    return "D " + event.id() + " " + event.entry() + " " + event.channel() + "\n";
  }

  /**
   * Tells whether the event of an entry is set aside, or was and is done with: it is given again
   * where the cursor lags.
   */
  boolean isDead(String id, String entry) {
    Dead event = dead.getOrDefault(id, finished.get(id));
    return event != null && event.entry().equals(entry);
  }

  private boolean finish(String id) {
    Dead event = dead.remove(id);
    if (event == null) {
      return false;
    }
    finished.put(id, event);
    return true;
  }

  /** Returns whether there was such an event. */
  boolean takeUp(String id) {
    if (!finish(id)) {
      return false;
    }
    lines.add(end(id));
    return true;
  }
}
