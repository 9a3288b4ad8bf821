package org.nethserver.events.redis.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.Position;

/**
 * One recorder from the start of a subscription to its end. It counts what it hears from its own
 * first marker on, and appends it to the journal behind what it knows to be the journal's end: the
 * <em>base</em>. While it knows none it is joining, and keeps what it hears.
 *
 * <p>It hears and does in the order of the calls, and knows no time: {@link #mark} is due each
 * second, {@link #losePatience} after some. Threads: one at a time.
 */
public final class Recording {
  /** In what state it is, for people. */
  public enum State {
    /** No primary has answered yet. */
    STARTING,

    /** The server is a replica. */
    IDLE,

    /** It keeps what it hears, and does not know what that follows on. */
    JOINING,

    /** All that it heard is recorded, or will be. */
    WHOLE
  }

  /** What a reply is to. */
  public enum Request {
    /** {@link JournalCommands#mark}. */
    MARK,

    /** {@link JournalCommands#append} or {@link JournalCommands#gap}. */
    JOURNAL,

    /** {@link JournalCommands#say}. */
    SAY
  }

  /** At once in one call; a script keeps everybody else waiting. */
  private static final int MAX_ITEMS = 256;

  private static final long MAX_BYTES = 256 * 1024;

  /** Far more than there are in the time that a queue may last. */
  private static final int MAX_EPOCHS = 4_096;

  /** What was heard and is not known to be recorded, in the order of publication. */
  private sealed interface Queued {
    record Event(Item item) implements Queued {}

    record Marker(String epoch, @Nullable OwnMarker own) implements Queued {}
  }

  /** A marker that this recorder sent. */
  private static final class OwnMarker {
    /** The base when it was sent. */
    final @Nullable Head base;

    /** Where the journal ended when it was published, once the reply is there. */
    @Nullable Head answer;

    boolean heard;

    OwnMarker(@Nullable Head base) {
      this.base = base;
    }

    /** Whether all that was heard before it was published before the journal ended as answered. */
    boolean certain() {
      return heard && answer != null;
    }
  }

  private final JournalCommands commands;
  private final Runnable beginAnew;
  private final Deque<Queued> queue = new ArrayDeque<>();
  private long queuedBytes;
  private int queuedEvents;

  /** The epochs that were heard, each with its place in their order. */
  private final Map<String, Long> heard = new LinkedHashMap<>();

  private long epochsHeard;

  /** Own markers that were sent and not heard yet. */
  private final Map<String, OwnMarker> sent = new HashMap<>();

  /** The marker that was sent and not answered. */
  private @Nullable OwnMarker unanswered;

  private String identity = "";
  private boolean replica;

  /** Where the last event stood that was heard; null before the first own marker. */
  private @Nullable Position count;

  /** From here on the queue has all that was heard; what it lacks is recorded. */
  private @Nullable Position since;

  /** The journal's end that the queue follows on; null while that is not known. */
  private @Nullable Head base;

  /** A journal's end that has nothing to do with the queue: a gap may be put there. */
  private @Nullable Head foreign;

  private boolean patienceOver;
  private boolean awaitingJournal;
  private boolean gapUnderWay;

  /** Until the next marker: a server that refuses is not asked with each event. */
  private boolean refused;

  private long waits;
  private String why = "it has just started";
  private boolean heardAnother;
  private long recorded;
  private long gaps;

  /**
   * Makes one that has heard nothing.
   *
   * @param commands what it asks of the primary
   * @param beginAnew called when what was heard is worth nothing any more: another subscription has
   *     to begin, with another of these
   */
  public Recording(JournalCommands commands, Runnable beginAnew) {
    this.commands = commands;
    this.beginAnew = beginAnew;
  }

  /** Returns its state. */
  public State state() {
    if (base != null) {
      return State.WHOLE;
    }
    if (!identity.isEmpty()) {
      return State.JOINING;
    }
    return replica ? State.IDLE : State.STARTING;
  }

  /** Returns why it is joining, for people. */
  public String why() {
    return why;
  }

  /** Returns how many events it has seen to be recorded, by itself or another. */
  public long recorded() {
    return recorded;
  }

  /** Returns how many gaps it has put. */
  public long gaps() {
    return gaps;
  }

  /** Returns how many events wait. */
  public int queuedEvents() {
    return queuedEvents;
  }

  /** Returns how many bytes wait. */
  public long queuedBytes() {
    return queuedBytes;
  }

  /** Returns whether another recorder was heard since the last call. */
  public boolean heardAnother() {
    boolean is = heardAnother;
    heardAnother = false;
    return is;
  }

  /**
   * Returns how often it has begun to wait for others to tell where the journal ends; each time its
   * patience begins anew.
   */
  public long waits() {
    return waits;
  }

  /** Whether it waits for others to tell where the journal ends, and may stop waiting. */
  public boolean canLosePatience() {
    return base == null && foreign != null && !patienceOver && !awaitingJournal;
  }

  /** Nobody will tell: a gap is put. */
  public void losePatience() {
    patienceOver = true;
    proceed();
  }

  /**
   * Sends a marker, unless the last one is not answered yet.
   *
   * @param epoch 128 random bits in hex, never used before
   */
  public void mark(String epoch) {
    refused = false;
    if (unanswered == null) {
      OwnMarker marker = new OwnMarker(base);
      sent.put(epoch, marker);
      unanswered = marker;
      commands.mark(identity, epoch, base != null);
    }
    proceed();
  }

  /**
   * Forgets what waits, which has become too old or too much.
   *
   * @param reason for people
   */
  public void dropQueue(String reason) {
    queue.clear();
    queuedBytes = 0;
    queuedEvents = 0;
    startJoining(reason);
    since = count;
  }

  /**
   * An event was heard.
   *
   * @param fields of its entry, as an {@link Item} has them
   */
  public void hear(List<byte[]> fields) {
    Position before = count;
    if (before == null) {
      return;
    }
    Position position = before.next();
    count = position;
    Head known = base;
    if (known == null
        || !position.epoch().equals(known.position().epoch())
        || position.n() > known.position().n()) {
      add(new Queued.Event(Item.of(position, fields)));
    }
    proceed();
  }

  /** A word was heard, of this recorder or of another. */
  public void hear(Word word) {
    switch (word) {
      case Word.Marker marker -> hear(marker);
      case Word.Recorded said -> hear(said);
    }
    proceed();
  }

  private void hear(Word.Marker marker) {
    OwnMarker own = sent.remove(marker.epoch());
    if (own == null) {
      heardAnother = true;
    }
    if (count == null && own == null) {
      return;
    }
    Position begin = new Position(marker.epoch(), 0);
    if (count == null) {
      since = begin;
    }
    count = begin;
    heard.put(marker.epoch(), ++epochsHeard);
    add(new Queued.Marker(marker.epoch(), own));
    forgetEpochs();
    if (own != null) {
      own.heard = true;
      if (own.certain()) {
        lookAfter(own);
      }
    } else if (marker.whole()) {
      waitForOthers();
    }
  }

  private void hear(Word.Recorded said) {
    if (base != null || awaitingJournal || !waits(said.epoch())) {
      return;
    }
    while (!(queue.getFirst() instanceof Queued.Marker(String epoch, _)
        && epoch.equals(said.epoch()))) {
      removeFirst();
    }
    base = said.head();
  }

  private boolean waits(String epoch) {
    return queue.stream()
        .anyMatch(
            queued -> queued instanceof Queued.Marker(String waiting, _) && waiting.equals(epoch));
  }

  /** A reply came. */
  public void reply(Request request, Reply reply) {
    switch (reply) {
      case Reply.Marked(String primary, Head head) -> {
        if (!marked(primary, head)) {
          return;
        }
      }
      case Reply.Appended(Head head) -> journalEndsAt(head, gapUnderWay);
      case Reply.Elsewhere(Head head) -> journalEndsAt(head, false);
      case Reply.Another() -> {
        unanswered = null;
        replica = true;
        if (!identity.isEmpty()) {
          beginAnew.run();
        }
        return;
      }
      case Reply.Refused(_) -> {
        switch (request) {
          case MARK -> unanswered = null;
          case JOURNAL -> awaitingJournal = false;
          case SAY -> {}
        }
        refused = true;
        return;
      }
      case Reply.Said() -> {}
    }
    proceed();
  }

  private boolean marked(String primary, Head head) {
    OwnMarker marker = unanswered;
    unanswered = null;
    if (identity.isEmpty()) {
      identity = primary;
    }
    if (!identity.equals(primary)) {
      beginAnew.run();
      return false;
    }
    if (marker != null) {
      marker.answer = head;
      if (marker.certain()) {
        lookAfter(marker);
      }
    }
    return true;
  }

  private void journalEndsAt(Head head, boolean isGap) {
    awaitingJournal = false;
    if (isGap) {
      gaps++;
    }
    if (!catchUp(head)) {
      startJoining(
          "the journal does not end where it should: Redis has lost memory, or other recorders"
              + " have gone on without this one");
    }
  }

  /** Where the journal ended at an own marker tells whether all is as it should be. */
  private void lookAfter(OwnMarker marker) {
    Head head = marker.answer == null ? Head.NONE : marker.answer;
    Head known = base;
    if (known == null) {
      foreign = catchUp(head) ? null : head;
      return;
    }
    boolean lost = marker.base != null && !head.follows(marker.base);
    if (lost) {
      startJoining("Redis has lost what was recorded");
    } else if (head.number() > known.number() && !catchUp(head)) {
      startJoining("others have recorded what this recorder did not hear");
    }
  }

  private void startJoining(String reason) {
    if (base != null) {
      why = reason;
      if (heard.containsKey(base.position().epoch())) {
        since = base.position();
      }
    }
    base = null;
    foreign = null;
    waitForOthers();
  }

  private void waitForOthers() {
    patienceOver = false;
    waits++;
  }

  /**
   * Drops what is recorded up to a head that lies in what was heard; false if it lies elsewhere.
   */
  private boolean catchUp(Head head) {
    if (!reaches(head.position(), base == null ? since : base.position())) {
      return false;
    }
    while (!queue.isEmpty() && reaches(head.position(), positionOf(queue.getFirst()))) {
      removeFirst();
    }
    base = head;
    return true;
  }

  /** A marker is behind the end of the journal only if something after it is recorded. */
  private static Position positionOf(Queued queued) {
    return switch (queued) {
      case Queued.Event(Item item) -> item.position();
      case Queued.Marker(String epoch, _) -> new Position(epoch, 1);
    };
  }

  /** Whether a position that was heard was published no earlier than another. */
  private boolean reaches(Position position, @Nullable Position other) {
    Long place = heard.get(position.epoch());
    if (place == null || other == null) {
      return false;
    }
    long otherPlace = heard.getOrDefault(other.epoch(), 0L);
    return place > otherPlace || place == otherPlace && position.n() >= other.n();
  }

  /** The position before the first event that waits. */
  private @Nullable Position start() {
    for (Queued queued : queue) {
      if (queued instanceof Queued.Event(Item item)) {
        return item.position().before();
      }
    }
    return count;
  }

  private void proceed() {
    Head known = base;
    if (identity.isEmpty() || count == null) {
      return;
    }
    if (known == null) {
      putGap();
      return;
    }
    while (queue.peekFirst() instanceof Queued.Marker(String epoch, OwnMarker own)
        && (own == null || own != unanswered)) {
      removeFirst();
      if (own != null && own.certain()) {
        commands.say(identity, new Word.Recorded(epoch, known));
      }
    }
    if (!awaitingJournal && !refused) {
      List<Item> batch = batch();
      if (!batch.isEmpty()) {
        awaitingJournal = true;
        gapUnderWay = false;
        commands.append(identity, known.position(), batch);
      }
    }
  }

  private void putGap() {
    Position begin = start();
    if (patienceOver && foreign != null && begin != null && !awaitingJournal && !refused) {
      awaitingJournal = true;
      gapUnderWay = true;
      commands.gap(identity, foreign.position(), begin);
    }
  }

  /** Up to the next marker of its own, so that the journal's end before it is known. */
  private List<Item> batch() {
    List<Item> items = new ArrayList<>();
    long bytes = 0;
    for (Queued queued : queue) {
      switch (queued) {
        case Queued.Event(Item item) -> {
          bytes += item.size();
          if (items.size() == MAX_ITEMS || !items.isEmpty() && bytes > MAX_BYTES) {
            return items;
          }
          items.add(item);
        }
        case Queued.Marker(_, OwnMarker own) -> {
          if (own != null) {
            return items;
          }
        }
      }
    }
    return items;
  }

  private void add(Queued queued) {
    queue.add(queued);
    if (queued instanceof Queued.Event(Item item)) {
      queuedBytes += item.size();
      queuedEvents++;
    }
  }

  private void removeFirst() {
    if (queue.removeFirst() instanceof Queued.Event(Item item)) {
      queuedBytes -= item.size();
      queuedEvents--;
      recorded++;
    }
  }

  /** A head that lies in an epoch which was forgotten only makes it join anew. */
  private void forgetEpochs() {
    Queued first = queue.peekFirst();
    Iterator<String> eldest = heard.keySet().iterator();
    while (heard.size() > MAX_EPOCHS && first != null) {
      if (eldest.next().equals(positionOf(first).epoch())) {
        return;
      }
      eldest.remove();
    }
  }
}
