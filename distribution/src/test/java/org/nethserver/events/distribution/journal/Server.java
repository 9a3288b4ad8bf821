package org.nethserver.events.distribution.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** As much of a Redis as the protocol stands on: one order of all commands, pub/sub, a replica. */
final class Server {
  /** A subscription, from the server's socket to the client's ear. */
  static final class Feed {
    final Deque<Message> messages = new ArrayDeque<>();
  }

  private sealed interface Change {
    record Published(Message message) implements Change {}

    record Added(Entry entry) implements Change {}

    record Flushed() implements Change {}

    record Trimmed() implements Change {}
  }

  private final Set<Rule> rules;
  private final LongSupplier identities;
  final List<Feed> feeds = new ArrayList<>();
  final List<Entry> journal = new ArrayList<>();

  /**
   * What was published on this line of primaries, in order: the truth that the journal is held
   * against.
   */
  final List<Message.Event> history = new ArrayList<>();

  Head head = Head.NONE;

  /**
   * Stands for the time in an entry's id: entries of a journal that was lost are not those of the
   * next.
   */
  private int lives;

  long identity;
  boolean primary;
  boolean refusing;
  private Server replica;
  private final Deque<Change> link = new ArrayDeque<>();

  Server(Set<Rule> rules, LongSupplier identities, boolean primary) {
    this.rules = rules;
    this.identities = identities;
    this.primary = primary;
    this.identity = identities.getAsLong();
  }

  Command.Reply execute(Command command) {
    return switch (command) {
      case Command.Read(Message.Recorded recorded) ->
          new Command.Contents(recorded, List.copyOf(journal));
      case Command.Mark(long expected, Message.Marker marker) -> {
        if (!is(expected)) {
          yield new Command.Another();
        }
        publish(marker);
        yield new Command.Marked(marker.epoch(), head, identity);
      }
      case Command.Say(long expected, Message.Recorded recorded) -> {
        if (!is(expected)) {
          yield new Command.Another();
        }
        publish(recorded);
        yield new Command.Said();
      }
      case Command.Append append -> append(append);
      case Command.Gap gap -> gap(gap);
    };
  }

  private boolean is(long expected) {
    return primary && (expected == 0 || expected == identity);
  }

  private Command.Reply append(Command.Append append) {
    boolean same = rules.contains(Rule.SAME_PRIMARY_IN_APPEND) ? is(append.identity()) : primary;
    if (!same) {
      return new Command.Another();
    }
    if (refusing) {
      return new Command.Refused();
    }
    int from = -1;
    if (head.position().equals(append.after())
        || !rules.contains(Rule.APPEND_ONLY_AFTER_PREDECESSOR)) {
      from = 0;
    }
    for (int i = 0; i < append.items().size(); i++) {
      if (append.items().get(i).position().equals(head.position())) {
        from = i + 1;
      }
    }
    if (from < 0) {
      return new Command.Mismatch(head);
    }
    for (Command.Item item : append.items().subList(from, append.items().size())) {
      add(new Entry(nextNumber(), item.position(), item.event()));
    }
    return new Command.Appended(head);
  }

  private Command.Reply gap(Command.Gap gap) {
    if (!is(gap.identity())) {
      return new Command.Another();
    }
    if (refusing) {
      return new Command.Refused();
    }
    if (!head.position().equals(gap.expected()) && rules.contains(Rule.GAP_ONLY_AT_EXPECTED_HEAD)) {
      return new Command.Mismatch(head);
    }
    add(new Entry(nextNumber(), gap.start(), null));
    return new Command.Appended(head);
  }

  private long nextNumber() {
    return head.number() == 0 ? 1_000L * lives + 1 : head.number() + 1;
  }

  private void add(Entry entry) {
    apply(new Change.Added(entry));
  }

  void publish(Message message) {
    apply(new Change.Published(message));
  }

  void flush() {
    apply(new Change.Flushed());
  }

  void trim() {
    apply(new Change.Trimmed());
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Published(Message message) -> {
        if (message instanceof Message.Event event && (primary || replicating)) {
          history.add(event);
        }
        feeds.forEach(feed -> feed.messages.add(message));
      }
      case Change.Added(Entry entry) -> {
        journal.add(entry);
        head = new Head(entry.position(), entry.number());
      }
      case Change.Flushed() -> {
        journal.clear();
        head = Head.NONE;
        lives++;
      }
      case Change.Trimmed() -> {
        if (!journal.isEmpty()) {
          journal.removeFirst();
        }
      }
    }
    if (replica != null) {
      link.add(change);
    }
  }

  private boolean replicating;

  boolean canReplicate() {
    return replica != null && !link.isEmpty();
  }

  void replicate() {
    replica.replicating = true;
    replica.apply(link.remove());
    replica.replicating = false;
  }

  boolean feeds(Server other) {
    return replica == other;
  }

  /** A full synchronisation: data whole, messages gone, subscribers none the wiser. */
  void synchronise(Server other) {
    replica = other;
    link.clear();
    other.primary = false;
    other.replica = null;
    other.link.clear();
    other.identity = identity;
    other.journal.clear();
    other.journal.addAll(journal);
    other.history.clear();
    other.history.addAll(history);
    other.head = head;
    other.lives = lives;
  }

  void promote() {
    primary = true;
    identity = identities.getAsLong();
  }

  void unlink() {
    replica = null;
    link.clear();
  }

  /** Killed and started again, without the last entries that had not reached the disk. */
  void crash(int lost) {
    Set<Entry> gone =
        new HashSet<>(journal.subList(Math.max(0, journal.size() - lost), journal.size()));
    journal.removeAll(gone);
    head =
        journal.isEmpty()
            ? Head.NONE
            : new Head(journal.getLast().position(), journal.getLast().number());
    lives++;
    identity = identities.getAsLong();
    feeds.clear();
    if (replica != null) {
      synchronise(replica);
    }
  }

  void fingerprint(StringBuilder text) {
    text.append(journal).append(head).append(identity).append(primary).append(refusing);
    text.append(link).append(replica != null);
  }
}
