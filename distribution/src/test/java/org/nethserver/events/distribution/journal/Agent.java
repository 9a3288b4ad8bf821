package org.nethserver.events.distribution.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One process of an agent: lives on pub/sub, and makes good from the journal what it missed. */
final class Agent implements AnyAgent {
  static final String TORN = "heard otherwise than recorded";

  /** The same, and which is which cannot be known: some may run again. */
  static final String UNCLEAR = "ran what is not recorded as it was heard";

  /** What the world is told of. */
  interface Report {
    void started(Message.Event event, @Nullable Position id);

    void ended(Message.Event event);

    /** A tear, a gap, a fork: why something may be missing, doubled or out of order. */
    void told(String what);

    void gap(Entry entry);

    /** Entries of these numbers were gone before they were read. */
    void trimmed(long from, long to);

    /** Set aside: its process died in it twice. */
    void dead(Message.Event event);
  }

  private enum State {
    HELD,
    STARTED,
    ENDED
  }

  private static final class Run {
    final Message.Event event;
    @Nullable Position position;
    State state;
    final int session;
    long number;

    Run(Message.Event event, @Nullable Position position, State state, int session) {
      this.event = event;
      this.position = position;
      this.state = state;
      this.session = session;
    }

    @Override
    public String toString() {
      return position + ":" + event + state + session + "#" + number;
    }
  }

  private final Set<Rule> rules;
  private final AgentFile file;
  private final Consumer<Command> out;
  private final Report report;

  /**
   * Heard and not yet held against the journal: runs, and numbers of epochs where a marker was
   * heard.
   */
  private final List<Object> heard = new ArrayList<>();

  private final Map<Character, Deque<Run>> lanes = new TreeMap<>();
  private final Set<Integer> epochs = new LinkedHashSet<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private Head frontier;
  private @Nullable Position count;
  private boolean holding = true;
  private boolean reading;
  private int session;

  Agent(Set<Rule> rules, AgentFile file, Consumer<Command> out, Report report) {
    this.rules = rules;
    this.file = file;
    this.out = out;
    this.report = report;
    this.frontier = file.cursor;
  }

  @Override
  public boolean holding() {
    return holding;
  }

  @Override
  public boolean idle() {
    return lanes.values().stream().allMatch(Deque::isEmpty);
  }

  @Override
  public void connected() {
    session++;
    holding = rules.contains(Rule.HOLD_AFTER_CONNECTING);
    reading = false;
    if (rules.contains(Rule.FORGET_COUNT_ON_DISCONNECT)) {
      count = null;
      epochs.clear();
    }
  }

  /** Nobody told of a marker for 3 s: what is held goes, and the journal follows when it can. */
  @Override
  public void losePatience() {
    report.told("no recorder");
    holding = false;
    releaseHeld();
  }

  private void releaseHeld() {
    for (Object each : heard) {
      if (each instanceof Run run && run.state == State.HELD) {
        enqueue(run);
      }
    }
  }

  @Override
  public void hear(Message message) {
    switch (message) {
      case Message.Event event -> {
        count = count == null ? null : count.next();
        Run run = new Run(event, count, State.HELD, session);
        heard.add(run);
        if (!holding) {
          enqueue(run);
        }
      }
      case Message.Marker marker -> {
        count = new Position(marker.epoch(), 0);
        epochs.add(marker.epoch());
        heard.add(marker.epoch());
      }
      case Message.Recorded recorded -> {
        boolean passed =
            heard.contains(recorded.epoch()) && epochs.contains(recorded.epoch())
                || !rules.contains(Rule.RECORDED_ONLY_OF_HEARD_MARKER);
        if (passed && !reading) {
          reading = true;
          out.accept(new Command.Read(recorded));
        }
      }
    }
  }

  @Override
  public void contents(Command.Contents contents) {
    if (!reading) {
      return;
    }
    reading = false;
    Message.Recorded recorded = contents.recorded();
    int marker = heard.indexOf(recorded.epoch());
    List<Object> before =
        marker < 0 ? new ArrayList<>() : new ArrayList<>(heard.subList(0, marker));
    reconcile(unread(contents), before);
    if (marker >= 0) {
      heard.subList(0, marker).clear();
    }
    if (holding) {
      holding = false;
      releaseHeld();
    }
    moveCursor();
  }

  /** The entries after the last one that was read, up to what was published before the marker. */
  private List<Entry> unread(Command.Contents contents) {
    List<Entry> entries = new ArrayList<>(contents.entries());
    int from = 0;
    if (!rules.contains(Rule.CURSOR_VERIFIED)) {
      entries.removeIf(entry -> entry.number() <= frontier.number());
    } else {
      for (int i = 0; i < entries.size(); i++) {
        Head here = new Head(entries.get(i).position(), entries.get(i).number());
        boolean known =
            here.equals(frontier)
                || here.number() <= frontier.number() && file.passed.contains(here);
        if (known) {
          from = i + 1;
        }
      }
      boolean found =
          from == 0
              ? frontier.number() == 0 && (entries.isEmpty() || entries.getFirst().number() == 1)
              : same(entries.get(from - 1), frontier);
      if (!found) {
        report.told("the journal does not go on where it was left");
      }
      frontier =
          from == 0
              ? Head.NONE
              : new Head(entries.get(from - 1).position(), entries.get(from - 1).number());
    }
    List<Entry> unread = new ArrayList<>(entries.subList(from, entries.size()));
    if (rules.contains(Rule.READ_UP_TO_RECORDED)) {
      unread.removeIf(entry -> entry.number() > contents.recorded().head().number());
    }
    return unread;
  }

  private static boolean same(Entry entry, Head head) {
    return entry.number() == head.number() && entry.position().equals(head.position());
  }

  private void reconcile(List<Entry> entries, List<Object> before) {
    List<Run> runs = new ArrayList<>();
    before.forEach(
        each -> {
          if (each instanceof Run run) {
            runs.add(run);
          }
        });
    Map<Entry, Run> matched = new LinkedHashMap<>();
    List<Run> free = new ArrayList<>(runs);
    lanes.values().forEach(lane -> lane.forEach(run -> addIfAbsent(free, run)));
    List<AgentFile.Tick> ended = new ArrayList<>(file.ended);
    Set<Entry> ticked = new LinkedHashSet<>();
    for (Entry entry : entries) {
      if (!entry.gap() && rules.contains(Rule.TICK_BY_POSITION)) {
        tickByPosition(entry, free, matched, ended, ticked);
      }
    }
    boolean torn = torn(entries, before);
    List<Entry> missed = new ArrayList<>(entries);
    missed.removeIf(entry -> entry.gap() || matched.containsKey(entry) || ticked.contains(entry));
    free.retainAll(runs);
    tickByContent(missed.reversed(), entries, free, matched);
    if (forgetOrphans(free, ended)) {
      report.told(UNCLEAR);
    }
    if (torn) {
      report.told(lastGap(entries) == 0 ? TORN : UNCLEAR);
    }
    run(entries, runs, matched, ticked);
  }

  /**
   * Runs of an earlier subscription, or of an earlier process, that are not recorded where they
   * were heard. They tick nothing off: a second run is better than none.
   */
  private boolean forgetOrphans(List<Run> free, List<AgentFile.Tick> ended) {
    boolean found = false;
    for (Run run : free) {
      found |= run.position != null && run.session != session && !waits(run);
    }
    Set<Message.Event> waiting = new HashSet<>();
    for (Object each : heard) {
      if (each instanceof Run run && (run.session == session || !free.contains(run))) {
        waiting.add(run.event);
      }
    }
    Set<Position> passed = new HashSet<>();
    file.passed.forEach(head -> passed.add(head.position()));
    for (AgentFile.Tick tick : ended) {
      if (!passed.contains(tick.position()) && !waiting.contains(tick.event())) {
        found = true;
        file.ended.remove(tick);
      }
    }
    return found && rules.contains(Rule.TELL_OF_ORPHANS);
  }

  private static void addIfAbsent(List<Run> runs, Run run) {
    if (!runs.contains(run)) {
      runs.add(run);
    }
  }

  private static long lastGap(List<Entry> entries) {
    return entries.stream().filter(Entry::gap).mapToLong(Entry::number).max().orElse(0);
  }

  private void tickByPosition(
      Entry entry,
      List<Run> free,
      Map<Entry, Run> matched,
      List<AgentFile.Tick> ended,
      Set<Entry> ticked) {
    for (Run run : free) {
      if (entry.position().equals(run.position) && agree(run.event, entry)) {
        matched.put(entry, run);
        free.remove(run);
        ended.removeIf(tick -> tick.event() == run.event);
        return;
      }
    }
    for (AgentFile.Tick tick : ended) {
      if (entry.position().equals(tick.position()) && agree(tick.event(), entry)) {
        ticked.add(entry);
        ended.remove(tick);
        return;
      }
    }
  }

  private boolean agree(Message.Event event, Entry entry) {
    return !rules.contains(Rule.TICK_ONLY_SAME_CONTENT) || event.sameContent(entry.event());
  }

  /**
   * The last first: what was heard before the first marker are the last entries before it. What was
   * run without position ticks nothing off: which entry it was, if any, cannot be known.
   */
  private void tickByContent(
      List<Entry> missed, List<Entry> entries, List<Run> free, Map<Entry, Run> matched) {
    if (!rules.contains(Rule.TICK_TORN_BY_CONTENT)) {
      return;
    }
    long gap = lastGap(entries);
    for (Entry entry : missed) {
      Run found = null;
      for (Run run : free) {
        boolean near =
            run.position == null
                ? waits(run)
                    && !epochs.contains(entry.position().epoch())
                    && entry.number() > gap
                    && (run.session == session || gap == 0)
                : run.session == session
                    && (gap == 0 || waits(run))
                    && mayHaveMissedMarkers(run.position.epoch(), entry, entries);
        if (near && run.event.sameContent(entry.event())) {
          found = run;
        }
      }
      if (found != null) {
        matched.put(entry, found);
        free.remove(found);
      }
    }
  }

  /**
   * Whether what was heard in an epoch can be an entry of it, or of one whose marker was not heard.
   */
  private boolean mayHaveMissedMarkers(int epoch, Entry entry, List<Entry> entries) {
    if (epochs.contains(entry.position().epoch())) {
      return entry.position().epoch() == epoch;
    }
    List<Integer> order = List.copyOf(epochs);
    for (Entry other : entries) {
      int known = order.indexOf(other.position().epoch());
      boolean beyond =
          other.number() < entry.number()
              ? known > order.indexOf(epoch)
              : known <= order.indexOf(epoch);
      if (known >= 0 && beyond) {
        return false;
      }
    }
    return true;
  }

  /** Whether an epoch that was heard from end to end was heard otherwise than it was recorded. */
  private boolean torn(List<Entry> entries, List<Object> before) {
    boolean torn = false;
    int index = 0;
    while (index < before.size()) {
      if (before.get(index) instanceof Integer epoch && epochs.contains(epoch)) {
        List<Message.Event> here = new ArrayList<>();
        while (index + 1 < before.size() && before.get(index + 1) instanceof Run run) {
          here.add(run.event);
          index++;
        }
        List<Entry> there = new ArrayList<>();
        for (Entry entry : entries) {
          if (!entry.gap() && entry.position().epoch() == epoch) {
            there.add(entry);
          }
        }
        torn |= here.size() != there.size();
        for (int i = 0; i < here.size() && i < there.size(); i++) {
          torn |= there.get(i).position().n() != i + 1;
          torn |= !here.get(i).sameContent(there.get(i).event());
        }
      }
      index++;
    }
    // Where the last reading ended at a marker of this subscription, nothing unheard may follow.
    boolean begun =
        !before.isEmpty() && before.getFirst() instanceof Integer first && epochs.contains(first);
    for (Entry entry : entries) {
      boolean known = epochs.contains(entry.position().epoch());
      torn |= begun && !known;
      begun |= known;
    }
    return torn && rules.contains(Rule.TELL_TORN_BY_COUNT);
  }

  /** In the order of the journal, with what was heard and is not recorded in its place. */
  private void run(
      List<Entry> entries, List<Run> runs, Map<Entry, Run> matched, Set<Entry> ticked) {
    Set<Run> recorded = new LinkedHashSet<>(matched.values());
    int next = 0;
    for (Entry entry : entries) {
      Run match = matched.get(entry);
      if (match != null) {
        for (int index = runs.indexOf(match); next < index; next++) {
          runUnrecorded(runs.get(next), recorded);
        }
      }
      if (entry.gap()) {
        if (rules.contains(Rule.TELL_OF_GAPS)) {
          report.gap(entry);
        }
        while (next < runs.size() && precedes(runs.get(next).position, entry.position())) {
          runUnrecorded(runs.get(next), recorded);
          next++;
        }
      } else if (match != null && !waits(match)) {
        match.position = entry.position();
        match.number = entry.number();
        if (match.state != State.ENDED) {
          open.add(entry.number());
        }
      } else if (!ticked.contains(entry) && rules.contains(Rule.RUN_RECORDED_THAT_WERE_NOT_HEARD)) {
        Run missed = new Run(entry.event(), entry.position(), State.HELD, session);
        missed.number = entry.number();
        open.add(entry.number());
        enqueue(missed);
      }
      frontier = new Head(entry.position(), entry.number());
      file.passed.add(frontier);
    }
    for (; next < runs.size(); next++) {
      runUnrecorded(runs.get(next), recorded);
    }
  }

  private boolean precedes(@Nullable Position position, Position gap) {
    return position == null
        || epochs.contains(gap.epoch())
            && (position.epoch() == gap.epoch() ? position.n() <= gap.n() : before(position, gap));
  }

  private boolean before(Position position, Position other) {
    List<Integer> order = List.copyOf(epochs);
    return order.indexOf(position.epoch()) < order.indexOf(other.epoch());
  }

  private void runUnrecorded(Run run, Set<Run> recorded) {
    if (!recorded.contains(run) && waits(run)) {
      report.told("heard, and not recorded");
      if (rules.contains(Rule.RUN_HELD_THAT_ARE_NOT_RECORDED)) {
        enqueue(run);
      }
    }
  }

  private boolean waits(Run run) {
    return run.state == State.HELD && !queued(run);
  }

  private boolean queued(Run run) {
    return lanes.getOrDefault(run.event.channel(), new ArrayDeque<>()).contains(run);
  }

  private void enqueue(Run run) {
    if (!queued(run)) {
      lanes.computeIfAbsent(run.event.channel(), _ -> new ArrayDeque<>()).add(run);
    }
  }

  /** Starts what may start, and ends what runs, of one channel. */
  @Override
  public boolean canStep(char channel) {
    Deque<Run> lane = lanes.get(channel);
    return lane != null && !lane.isEmpty();
  }

  @Override
  public void step(char channel) {
    Deque<Run> lane = lanes.get(channel);
    Run run = lane.getFirst();
    if (run.state == State.STARTED) {
      lane.removeFirst();
      end(run);
      report.ended(run.event);
    } else if (run.position != null
        && file.starts.getOrDefault(run.position, 0) >= 2
        && rules.contains(Rule.SET_ASIDE_AFTER_TWO_CRASHES)) {
      lane.removeFirst();
      report.dead(run.event);
      end(run);
    } else {
      run.state = State.STARTED;
      if (run.position != null) {
        file.starts.merge(run.position, 1, Integer::sum);
      }
      report.started(run.event, run.position);
    }
  }

  private void end(Run run) {
    run.state = State.ENDED;
    if (run.position != null && rules.contains(Rule.TICKS_SURVIVE_CRASH)) {
      file.ended.add(new AgentFile.Tick(run.position, run.event));
    }
    open.remove(run.number);
    moveCursor();
  }

  private void moveCursor() {
    long limit =
        open.isEmpty() || !rules.contains(Rule.CURSOR_BEHIND_UNFINISHED)
            ? Long.MAX_VALUE
            : open.first();
    if (frontier.number() < limit) {
      file.cursor = frontier;
      return;
    }
    for (Head head : file.passed.reversed()) {
      if (head.number() < limit && head.number() <= frontier.number()) {
        file.cursor = head;
        return;
      }
    }
  }

  @Override
  public void fingerprint(StringBuilder text) {
    text.append(heard).append(lanes).append(epochs).append(open).append(frontier).append(count);
    text.append(holding).append(reading);
  }
}
