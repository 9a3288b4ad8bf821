package org.nethserver.events.agent.journal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;

/**
 * One agent's way through the journal. It is <em>live</em>, and gets events as they come; or it is
 * behind, gets none, and reads entries until it is where all others are. What it was given it knows
 * until the journal has told where that stands, and until all before it has ended: so no event is
 * run twice, and none is passed over when its process dies.
 *
 * <p>Lives on the dispatch thread.
 */
public final class JournaledAgent {
  /** Processes that died while an event ran, after which it is set aside. */
  private static final int MAX_CRASHES = 2;

  /** So many ended runs are known whose place in the journal was never told. */
  private static final int MAX_UNSETTLED = 20_000;

  /** So many lines are not to be said again each second. */
  private static final int MANY = 256;

  private static final int SELDOM = 10;

  private static final int MAX_OWED = 10_000;

  private static final int EARLIER_PROCESS = -1;

  /** Runs the agent's events. */
  public interface Work {
    /** What became of an offer. */
    enum Answer {
      /** It runs, or waits. */
      TAKEN,

      /** The agent has no steps for it. */
      NOTHING,

      /** There is no room for it. */
      FULL
    }

    /** Runs the event's steps, now or later. */
    Answer offer(Event event);

    /** Tells whether it has taken so little that it is worth to offer more. */
    boolean hasRoom();

    /** There is no journal to come back to for an event that found no room. */
    void reject(Event event);
  }

  /** Hears of what is not as it should be. */
  public interface Listener {
    /** Before this entry events may be missing. */
    void gap(Journal.Entry entry);

    /**
     * A recorded event is not run.
     *
     * @param why the reason, for people
     */
    void missed(Journal.Entry entry, String channel, String why);

    /**
     * Events may be missing, run twice, or out of order.
     *
     * @param what what happened, for people
     */
    void told(String what);

    /**
     * Entries were trimmed before they were read.
     *
     * @param from the number of the first
     * @param to the number of the last
     */
    void trimmed(long from, long to);

    /** An event is set aside. */
    void dead(Journal.Entry entry, String channel);
  }

  /** An event that the agent was given. */
  private static final class Run {
    String id;

    /** Null for one that ended in an earlier process. */
    final @Nullable Event event;

    /** Made when it is first asked for, if there is an event. */
    private @Nullable Fingerprint fingerprint;

    final int session;

    /** That of its entry; 0 while that is not known. */
    long number;

    boolean ended;

    Run(String id, Event event, int session, long number) {
      this.id = id;
      this.event = event;
      this.session = session;
      this.number = number;
    }

    Run(String id, Fingerprint fingerprint) {
      this.id = id;
      this.event = null;
      this.fingerprint = fingerprint;
      this.session = EARLIER_PROCESS;
      this.ended = true;
    }

    Fingerprint fingerprint() {
      Fingerprint known = fingerprint;
      if (known == null) {
        known = Fingerprint.of(Objects.requireNonNull(event));
        fingerprint = known;
      }
      return known;
    }
  }

  private final Work work;
  private final AgentState state;
  private final Listener listener;
  private final Settings settings;

  /** What is given and has not ended, or was not found in the journal yet, by id. */
  private final Map<String, Run> runs = new HashMap<>();

  /** What has a number and has not ended; each with the entry before it. */
  private final TreeMap<Long, Place> open = new TreeMap<>();

  /** Heard while the agent was behind, and perhaps not recorded. */
  private final Map<String, Heard> owed = new LinkedHashMap<>();

  /** The same, and surely not recorded. */
  private final Deque<Heard> stray = new ArrayDeque<>();

  /** The last entry that it was given or needs not be given; null if it has never been told any. */
  private @Nullable Place frontier;

  private @Nullable Place cursor;
  private boolean live;

  /** There was no room for the last that it was offered, and nothing has ended since. */
  private boolean full;

  /** There is nothing that it could come back to. */
  private boolean withoutJournal = true;

  private int session;
  private boolean orphansTold;

  /** It was told already that it lacks the first entries. */
  private boolean startsAnywhere;

  private int worthALook = MAX_UNSETTLED;
  private int unsaved;

  /**
   * What administrators set.
   *
   * @param oldest what was recorded before is told, and not run
   */
  public interface Settings {
    Instant oldest();
  }

  public JournaledAgent(Work work, AgentState state, Settings settings, Listener listener) {
    this.work = work;
    this.state = state;
    this.settings = settings;
    this.listener = listener;
    state.ended().forEach((id, fingerprint) -> runs.put(id, new Run(id, fingerprint)));
    this.cursor = state.cursor();
    this.frontier = cursor;
  }

  public boolean live() {
    return live;
  }

  @Nullable Place frontier() {
    return frontier;
  }

  boolean hasRoom() {
    return !full && work.hasRoom();
  }

  List<Place> passed() {
    return state.passed();
  }

  /** Takes no more as it comes: what comes is to wait for what the journal has. */
  void hold(int now) {
    live = false;
    if (session != now) {
      session = now;
      orphansTold = false;
    }
  }

  /**
   * What was heard while the agent was behind, and is recorded or may be. The journal may lose it
   * before it is read; but it is too much to keep for an agent that stays behind.
   */
  void owe(List<Heard> messages) {
    for (Heard message : messages) {
      if (owed.size() < MAX_OWED && !has(message)) {
        owed.put(message.id(), message);
      }
    }
  }

  private boolean has(Heard message) {
    return runs.containsKey(message.id());
  }

  /**
   * An event comes as it was published.
   *
   * @param placed whether its id is its place in the journal
   * @param journal whether there is a journal to come back to, if there is no room for it
   * @return whether the agent has steps for it
   */
  public boolean take(Event event, boolean placed, boolean journal) {
    withoutJournal = !journal;
    return offer(event, placed ? event.id() : "", 0) != Work.Answer.NOTHING;
  }

  private Work.Answer offer(Event event, String id, long number) {
    if (!id.isEmpty()) {
      forgetUnsettled();
      runs.put(id, new Run(id, event, session, number));
    }
    Work.Answer answer = work.offer(event);
    if (answer != Work.Answer.TAKEN) {
      runs.remove(id);
    }
    full = answer == Work.Answer.FULL;
    if (full && number == 0) {
      if (withoutJournal) {
        work.reject(event);
      } else {
        live = false;
      }
    }
    return answer;
  }

  /** Where recorders have been silent for long. */
  private void forgetUnsettled() {
    if (runs.size() >= worthALook) {
      if (forget(run -> run.ended && run.number == 0)) {
        listener.told(Reconciler.UNCLEAR);
      }
      worthALook = Math.max(MAX_UNSETTLED, runs.size() + runs.size() / 2);
    }
  }

  private boolean forget(Predicate<Run> which) {
    boolean found = false;
    for (Iterator<Run> each = runs.values().iterator(); each.hasNext(); ) {
      Run run = each.next();
      if (which.test(run)) {
        each.remove();
        state.forget(run.id);
        found = true;
      }
    }
    return found;
  }

  /** The first step of a run starts. */
  public void started(Event event) {
    Run run = runs.get(event.id());
    if (run != null && run.event == event) {
      state.started(run.id);
    }
  }

  /**
   * A run ended, or there will be none.
   *
   * @param brokenOff by the agent, which ends
   */
  public void ended(Event event, boolean brokenOff) {
    Run run = runs.get(event.id());
    if (run == null || run.event != event) {
      return;
    }
    if (brokenOff) {
      state.brokenOff(run.id);
      return;
    }
    full = false;
    run.ended = true;
    open.remove(run.number);
    state.ended(run.id, run.fingerprint());
  }

  /** What was heard is recorded, and was taken if there were steps for it. */
  void settle(Journal.Entry entry, Heard message) {
    if (message.taken) {
      Run run = runs.get(message.id());
      if (run != null) {
        settle(run, entry);
      }
    }
    frontier = Place.of(entry);
  }

  private void settle(Run run, Journal.Entry entry) {
    run.number = entry.number();
    if (!run.ended) {
      open.put(run.number, Objects.requireNonNull(frontier));
    }
  }

  /**
   * What was heard is not recorded. If it has not been run it is to be, since it is nowhere else.
   *
   * @return whether it was run, or is
   */
  boolean unrecorded(Heard message) {
    Run run = runs.get(message.id());
    if (run != null && run.number == 0) {
      runs.remove(run.id);
      state.forget(run.id);
      return true;
    }
    // What was run without a position is known by none.
    if (!live && !(message.offered && message.position == null)) {
      stray.add(message);
    }
    return false;
  }

  /** What was heard turns out to be recorded elsewhere. */
  void rename(Map<String, Position> names) {
    List<Run> renamed = new ArrayList<>();
    names.forEach(
        (id, position) -> {
          Run run = runs.remove(id);
          if (run != null) {
            state.forget(id);
            run.id = position.toString();
            renamed.add(run);
          }
        });
    for (Run run : renamed) {
      runs.put(run.id, run);
      if (run.ended) {
        state.ended(run.id, run.fingerprint());
      }
    }
  }

  /**
   * Gives the agent the next entry.
   *
   * @return false if there is no room for it
   */
  boolean give(Journal.Entry entry) {
    Place place = Place.of(entry);
    if (frontier != null && frontier.isStart() && entry.number() > 1 && !startsAnywhere) {
      startsAnywhere = true;
      listener.told(Reconciler.ELSEWHERE);
    }
    switch (entry.content()) {
      case Journal.Gap _ -> listener.gap(entry);
      case Journal.Recorded recorded -> {
        String id = entry.position().toString();
        owed.computeIfPresent(id, (_, message) -> message.isLike(recorded) ? null : message);
        if (!isDone(id, entry, recorded) && !run(id, entry, recorded)) {
          return false;
        }
      }
    }
    frontier = place;
    return true;
  }

  /** Whether an entry was run before, or runs, or waits, or is set aside. */
  private boolean isDone(String id, Journal.Entry entry, Journal.Recorded recorded) {
    if (state.isDead(id, entry.id())) {
      return true;
    }
    Fingerprint recordedPrint = Fingerprint.of(recorded);
    Run run = runs.get(id);
    if (run == null) {
      Fingerprint recent = state.recent(id);
      return recent != null && recent.agrees(recordedPrint);
    }
    if (run.fingerprint().agrees(recordedPrint)) {
      settle(run, entry);
      return true;
    }
    runs.remove(id);
    state.forget(id);
    listener.told(Reconciler.UNCLEAR);
    return false;
  }

  private boolean run(String id, Journal.Entry entry, Journal.Recorded recorded) {
    Channel channel;
    try {
      channel = Channel.parse(recorded.channel());
    } catch (IllegalArgumentException e) {
      return true; // refused when it was published
    }
    String name = channel.toString();
    if (entry.time().isBefore(settings.oldest())) {
      listener.missed(entry, name, "too old");
      return true;
    }
    if (recorded.withheld().isPresent()) {
      listener.missed(entry, name, "its payload was not recorded: " + recorded.withheld().get());
      return true;
    }
    int crashes = state.starts(id);
    if (crashes >= MAX_CRASHES) {
      state.setAside(new AgentState.Dead(id, entry.id(), name));
      listener.dead(entry, name);
      return true;
    }
    Place previous = Objects.requireNonNull(frontier);
    Event event = new Event(id, channel, recorded.payload(), entry.time(), crashes + 1);
    // Before it starts: it may end at once.
    open.put(entry.number(), previous);
    Work.Answer answer = offer(event, id, entry.number());
    if (answer != Work.Answer.TAKEN) {
      open.remove(entry.number());
    }
    return answer != Work.Answer.FULL;
  }

  /** Tells of what concerns all agents. */
  void tell(String what) {
    listener.told(what);
  }

  /** The agent is told for the first time where the journal is: what lies before is not its own. */
  void begin(Place place) {
    frontier = place;
    startsAnywhere = true;
  }

  /**
   * The journal does not go on where the agent left it.
   *
   * @param found the last entry that the agent passed and that is there
   * @param oldest the first entry that is there
   */
  void lost(Optional<Place> found, Optional<Journal.Entry> oldest) {
    long next = frontier == null ? 1 : frontier.number() + 1;
    if (found.isEmpty() && oldest.isPresent() && oldest.get().number() >= next) {
      if (oldest.get().number() > next) {
        listener.trimmed(next, oldest.get().number() - 1);
      }
    } else {
      listener.told(Reconciler.ELSEWHERE);
    }
    frontier = found.orElse(Place.START);
    startsAnywhere = found.isEmpty();
  }

  /** There is no way from where the agent is to where all others are. */
  void skipTo(Place place) {
    frontier = place;
    listener.told(Reconciler.ELSEWHERE);
  }

  /**
   * The agent is where all others are: gives it what came since.
   *
   * @param heard what was heard behind the marker up to which all is read
   * @param journal whether there is one
   */
  void catchUp(List<Object> heard, boolean journal) {
    if (journal && !orphansTold) {
      orphansTold = true;
      tellOrphans();
    }
    live = true;
    takeAll(owed.values(), journal);
    takeAll(stray, journal);
    for (Iterator<Object> each = heard.iterator(); live && each.hasNext(); ) {
      if (each.next() instanceof Heard message) {
        if (journal && message.payload == null) {
          // Only the journal has what was dropped, and nothing may overtake it.
          live = false;
        } else {
          take(message, journal);
        }
      }
    }
  }

  private void takeAll(Collection<Heard> messages, boolean journal) {
    for (Iterator<Heard> each = messages.iterator(); live && each.hasNext(); ) {
      take(each.next(), journal);
      if (live) {
        each.remove();
      }
    }
  }

  private void take(Heard message, boolean journal) {
    Payload payload = message.payload;
    Channel channel = message.channel;
    if (payload == null || channel == null) {
      return;
    }
    if (has(message)) {
      return;
    }
    Event event = new Event(message.id(), channel, payload, message.time);
    message.offered = true;
    message.taken |= take(event, message.position != null, journal);
  }

  /**
   * Runs of an earlier subscription, or of an earlier process, that are not recorded where they
   * were heard. They stand for no entry: a second run is better than none.
   */
  private void tellOrphans() {
    if (forget(run -> run.number == 0 && run.session != session)) {
      listener.told(Reconciler.UNCLEAR);
    }
  }

  /** Writes down how far the agent is, if that has changed. */
  void save() {
    full = false;
    Place now = open.isEmpty() ? frontier : open.firstEntry().getValue();
    if (now == null || now.equals(cursor)) {
      return;
    }
    forget(run -> run.ended && run.number > 0 && run.number <= now.number());
    if (runs.size() > MANY && ++unsaved < SELDOM) {
      return;
    }
    unsaved = 0;
    cursor = now;
    state.cursor(now);
  }
}
