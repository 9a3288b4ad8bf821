package org.nethserver.events.distribution.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The recorder of the protocol, which can do without each of its rules. */
final class Recorder implements AnyRecorder {
  /** What was heard and is not known to be recorded, in the order of publication. */
  private sealed interface Queued {
    record Event(Command.Item item) implements Queued {}

    record Marker(int epoch) implements Queued {}
  }

  private final int name;
  private final Set<Rule> rules;
  private final IntSupplier epochs;
  private final Consumer<Command> out;
  private final Runnable beginAnew;

  private final Deque<Queued> queue = new ArrayDeque<>();
  private final List<Integer> heard = new ArrayList<>();
  private final Set<Integer> mine = new HashSet<>();
  private final Map<Integer, Head> marked = new HashMap<>();
  private final Map<Integer, Head> recordedWhenSent = new HashMap<>();
  private final Set<Integer> certified = new HashSet<>();

  private long identity;
  private @Nullable Position count;

  /** From here on the queue has all that was heard; what it lacks is recorded. */
  private @Nullable Position since;

  /** The journal's end that the queue follows on; null while that is not known. */
  private @Nullable Head recorded;

  /** A journal's end that has nothing to do with the queue: a gap may be put there. */
  private @Nullable Head foreign;

  private boolean patienceOver;
  private boolean awaitingJournal;

  /** The marker that was sent and not answered; zero if there is none. */
  private int unanswered;

  Recorder(
      int name, Set<Rule> rules, IntSupplier epochs, Consumer<Command> out, Runnable beginAnew) {
    this.name = name;
    this.rules = rules;
    this.epochs = epochs;
    this.out = out;
    this.beginAnew = beginAnew;
  }

  @Override
  public boolean whole() {
    return recorded != null;
  }

  @Override
  public boolean canLosePatience() {
    return recorded == null && foreign != null && !patienceOver && !awaitingJournal;
  }

  @Override
  public void losePatience() {
    patienceOver = true;
    proceed();
  }

  @Override
  public boolean canMark() {
    return unanswered == 0;
  }

  @Override
  public void mark() {
    int epoch = epochs.getAsInt();
    mine.add(epoch);
    if (recorded != null) {
      recordedWhenSent.put(epoch, recorded);
    }
    unanswered = epoch;
    out.accept(new Command.Mark(identity, new Message.Marker(epoch, name, recorded != null)));
    proceed();
  }

  @Override
  public void dropQueue() {
    queue.clear();
    startJoining();
    since = count;
  }

  @Override
  public void commandsLost() {
    awaitingJournal = false;
    unanswered = 0;
    if (identity == 0) {
      beginAnew.run();
    } else {
      proceed();
    }
  }

  @Override
  public void hear(Message message) {
    switch (message) {
      case Message.Event event -> hear(event);
      case Message.Marker marker -> hear(marker);
      case Message.Recorded said -> hear(said);
    }
    proceed();
  }

  private void hear(Message.Event event) {
    if (count == null) {
      return;
    }
    count = count.next();
    if (recorded == null
        || count.epoch() != recorded.position().epoch()
        || count.n() > recorded.position().n()) {
      queue.add(new Queued.Event(new Command.Item(count, event)));
    }
  }

  private void hear(Message.Marker marker) {
    boolean own = mine.contains(marker.epoch());
    if (count == null && !own && rules.contains(Rule.COUNT_FROM_OWN_MARKER)) {
      return;
    }
    if (count == null) {
      since = new Position(marker.epoch(), 0);
    }
    count = new Position(marker.epoch(), 0);
    heard.add(marker.epoch());
    queue.add(new Queued.Marker(marker.epoch()));
    if (marker.recorder() != name
        && marker.whole()
        && rules.contains(Rule.WAIT_WHILE_ANOTHER_IS_WHOLE)) {
      patienceOver = false;
    }
    if (own && marked.containsKey(marker.epoch())) {
      certify(marker.epoch());
    }
  }

  private void hear(Message.Recorded said) {
    if (recorded != null || awaitingJournal) {
      return;
    }
    boolean waiting = queue.contains(new Queued.Marker(said.epoch()));
    if (waiting) {
      while (!queue.getFirst().equals(new Queued.Marker(said.epoch()))) {
        queue.removeFirst();
      }
    }
    if (waiting || !rules.contains(Rule.JOIN_ONLY_AT_MARKER_IN_QUEUE) && count != null) {
      recorded = said.head();
    }
  }

  @Override
  public void reply(Command.Reply reply) {
    switch (reply) {
      case Command.Marked(int epoch, Head head, long primary) -> {
        unanswered = 0;
        if (identity == 0) {
          identity = primary;
        }
        if (identity != primary) {
          beginAnew.run();
          return;
        }
        marked.put(epoch, head);
        if (heard.contains(epoch)) {
          certify(epoch);
        }
      }
      case Command.Appended(Head head) -> {
        awaitingJournal = false;
        if (!catchUp(head)) {
          startJoining();
        }
      }
      case Command.Mismatch(Head head) -> {
        awaitingJournal = false;
        if (!catchUp(head)) {
          startJoining();
        }
      }
      case Command.Another() -> {
        beginAnew.run();
        return;
      }
      case Command.Refused() -> {
        awaitingJournal = false;
        return;
      }
      case Command.Said(), Command.Contents _ -> {}
    }
    proceed();
  }

  /**
   * Heard and answered: the journal ended at this head when all that was heard before was
   * published.
   */
  private void certify(int epoch) {
    Head head = marked.remove(epoch);
    certified.add(epoch);
    Head sentAt = recordedWhenSent.remove(epoch);
    if (recorded == null) {
      boolean joined = rules.contains(Rule.GAP_ONLY_IF_NOTHING_HEARD_IS_RECORDED) && catchUp(head);
      foreign = joined ? null : head;
    } else if (rules.contains(Rule.HEAD_REREAD_WHILE_IDLE)) {
      boolean lost = sentAt != null && !follows(head, sentAt);
      boolean behind = head.number() > recorded.number();
      if (lost || behind && !catchUp(head)) {
        startJoining();
      }
    }
  }

  private static boolean follows(Head head, Head earlier) {
    return head.number() > earlier.number() || head.equals(earlier);
  }

  private void startJoining() {
    if (recorded != null && heard.contains(recorded.position().epoch())) {
      since = recorded.position();
    }
    recorded = null;
    foreign = null;
    patienceOver = false;
  }

  /**
   * Drops what is recorded up to a head that lies in what was heard; false if it lies elsewhere.
   */
  private boolean catchUp(Head head) {
    Position from = recorded == null ? since : recorded.position();
    if (!reaches(head.position(), from)) {
      return false;
    }
    while (!queue.isEmpty()
        && !(queue.getFirst() instanceof Queued.Event(Command.Item item)
            && !reaches(head.position(), item.position()))
        && !(queue.getFirst() instanceof Queued.Marker(int epoch)
            && !reaches(head.position(), new Position(epoch, 1)))) {
      boolean exact =
          queue.removeFirst() instanceof Queued.Marker
              && !rules.contains(Rule.RECORDED_ONLY_WHEN_EXACT);
      if (exact) {
        certified.forEach(
            epoch -> out.accept(new Command.Say(identity, new Message.Recorded(epoch, head))));
      }
    }
    recorded = head;
    return true;
  }

  /** Whether a position that was heard was published no earlier than another. */
  private boolean reaches(Position position, @Nullable Position other) {
    int index = heard.indexOf(position.epoch());
    if (index < 0 || other == null) {
      return false;
    }
    int otherIndex = heard.indexOf(other.epoch());
    return index > otherIndex || index == otherIndex && position.n() >= other.n();
  }

  /** The position before the first event that waits. */
  private @Nullable Position start() {
    for (Queued queued : queue) {
      if (queued instanceof Queued.Event(Command.Item item)) {
        return item.position().before();
      }
    }
    return count;
  }

  private void proceed() {
    if (identity == 0 || count == null) {
      return;
    }
    if (recorded == null) {
      putGap();
      return;
    }
    while (queue.peekFirst() instanceof Queued.Marker(int epoch) && epoch != unanswered) {
      queue.removeFirst();
      if (certified.remove(epoch)) {
        out.accept(new Command.Say(identity, new Message.Recorded(epoch, recorded)));
      }
    }
    List<Command.Item> batch = batch();
    if (!batch.isEmpty() && !awaitingJournal) {
      awaitingJournal = true;
      out.accept(new Command.Append(identity, recorded.position(), batch));
    }
  }

  private void putGap() {
    if (!patienceOver || foreign == null || awaitingJournal) {
      return;
    }
    if (rules.contains(Rule.GAP_BEFORE_GOING_ON)) {
      awaitingJournal = true;
      out.accept(new Command.Gap(identity, foreign.position(), start()));
    } else {
      recorded = foreign;
      proceed();
    }
  }

  /** Up to the next marker of its own, so that the journal's end before it is known. */
  private List<Command.Item> batch() {
    List<Command.Item> items = new ArrayList<>();
    for (Queued queued : queue) {
      switch (queued) {
        case Queued.Event(Command.Item item) -> items.add(item);
        case Queued.Marker(int epoch) -> {
          if (mine.contains(epoch)) {
            return items;
          }
        }
      }
    }
    return items;
  }

  @Override
  public void fingerprint(StringBuilder text) {
    text.append(queue).append(heard).append(mine).append(marked).append(recordedWhenSent);
    text.append(certified)
        .append(identity)
        .append(count)
        .append(recorded)
        .append(foreign)
        .append(since);
    text.append(patienceOver).append(awaitingJournal).append(unanswered);
  }
}
