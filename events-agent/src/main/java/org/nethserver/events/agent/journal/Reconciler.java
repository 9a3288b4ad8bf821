package org.nethserver.events.agent.journal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;

/**
 * Holds what was heard against what is recorded, once for all agents of the process. Each time that
 * a recorder says how far the journal went at a marker, what was heard before the marker is paired
 * with the entries up to there: what was heard and is not recorded, or recorded and not heard, is
 * found so. Agents that are behind are given entries until they are where all others are.
 *
 * <p>Lives on the dispatch thread.
 */
public final class Reconciler {
  /** Heard otherwise than recorded: some may be out of order. */
  public static final String TORN = "events were heard otherwise than they were recorded";

  /** The same, and which is which cannot be known. */
  public static final String UNCLEAR =
      "events ran that are not recorded as they were heard: some may run twice";

  public static final String NO_RECORDER =
      "no recorder is heard: events are handled as they come, and what is missed is lost";

  public static final String UNRECORDED = "events were heard that are not recorded";

  public static final String ELSEWHERE =
      "the journal does not go on where it was left: Redis has lost what it held";

  /** How many entries are read beyond what was heard, to have the one before it too. */
  private static final int SLACK = 64;

  /** What is remembered of what was heard until a recorder tells where it stands. */
  private static final int MAX_HEARD = 100_000;

  private static final long MAX_HEARD_BYTES = 16L * 1024 * 1024;

  /** Where a recorder says that the journal was at a marker. */
  private record Target(String epoch, Position position, long number) {}

  private final JournalReading reading;
  private final Clock clock;
  private final Supplier<String> ids;
  private final int page;
  private final List<JournaledAgent> agents = new ArrayList<>();

  /** Messages, and names of epochs where markers were, since the last marker that was settled. */
  private final List<Object> heard = new ArrayList<>();

  private long heardBytes;

  /** The first of these were forgotten: none may take what comes behind before what they were. */
  private boolean forgotten;

  /** The epochs among these, in order. */
  private final List<String> epochs = new ArrayList<>();

  /** Up to here all is settled. */
  private Place common = Place.START;

  /** Whether that is known since the subscription began. */
  private boolean settled;

  /** Waiting for recorders was given up in this subscription: agents hear live, come what may. */
  private boolean alone;

  /** No recorder has said anything for long: what is not recorded yet may never be. */
  private boolean silent;

  /** The number of the last entry that a recorder spoke of. */
  private long newest;

  private @Nullable Instant reconciledAt;
  private boolean reconciling;
  private @Nullable Target next;
  private boolean paging;
  private int session;

  /**
   * Makes one that has heard nothing.
   *
   * @param ids makes ids for events without position
   * @param page how many entries to read at once
   */
  public Reconciler(JournalReading reading, Clock clock, Supplier<String> ids, int page) {
    this.reading = reading;
    this.clock = clock;
    this.ids = ids;
    this.page = page;
  }

  /** Adds an agent, which is behind until it is where the others are. */
  public void join(JournaledAgent agent) {
    if (agents.contains(agent)) {
      return;
    }
    agents.add(agent);
    agent.hold(session);
    if (settled && agent.frontier() == null) {
      agent.begin(common);
    }
    if (alone) {
      agent.catchUp(heard, false);
    }
    proceed();
  }

  public void leave(JournaledAgent agent) {
    agents.remove(agent);
  }

  /** Tells whether there is a journal to come back to. */
  public boolean settled() {
    return settled && !silent;
  }

  /** Tells whether agents wait for a recorder before they take anything. */
  public boolean holding() {
    return !settled && !alone;
  }

  /** Returns how many entries an agent is behind the last one that a recorder spoke of. */
  long lag(JournaledAgent agent) {
    return Math.max(0, newest - placeOf(agent).number());
  }

  /** Returns when what was heard was last held against the journal. */
  Optional<Instant> reconciledAt() {
    return Optional.ofNullable(reconciledAt);
  }

  /** A subscription begins. */
  public void subscribed() {
    session++;
    settled = false;
    alone = false;
    silent = false;
    reconciling = false;
    paging = false;
    next = null;
    List<Heard> unsettled = messages(heard);
    for (JournaledAgent agent : agents) {
      if (!agent.live()) {
        agent.owe(unsettled.stream().filter(message -> message.offered).toList());
      }
      agent.hold(session);
    }
    epochs.clear();
    heard.clear();
    heardBytes = 0;
    forgotten = false;
    // What nobody was offered yet may be recorded, and may be what nobody else has heard.
    unsettled.stream().filter(message -> !message.offered).forEach(this::add);
  }

  private void add(Heard message) {
    heard.add(message);
    heardBytes += message.size();
  }

  private static List<Heard> messages(List<Object> heard) {
    List<Heard> messages = new ArrayList<>();
    for (Object each : heard) {
      if (each instanceof Heard message) {
        messages.add(message);
      }
    }
    return messages;
  }

  /** No recorder is heard for too long: nobody waits any more. */
  public void losePatience() {
    if (settled) {
      return;
    }
    for (JournaledAgent agent : agents) {
      agent.tell(NO_RECORDER);
    }
    alone = true;
    for (JournaledAgent agent : agents) {
      if (!agent.live()) {
        agent.catchUp(heard, false);
      }
    }
  }

  /** No recorder has said anything for too long, though one did: agents go on without. */
  public void silence() {
    if (settled && !silent) {
      silent = true;
      agents.forEach(agent -> agent.tell(NO_RECORDER));
      proceed();
    }
  }

  /**
   * A message came.
   *
   * @param channel null if it is refused
   * @param payload null if it was dropped unread
   * @return it; if it is marked as offered, the caller gives it to the agents that are live
   */
  public Heard hear(
      @Nullable Position position,
      @Nullable Channel channel,
      byte[] channelBytes,
      @Nullable Payload payload) {
    Heard message =
        new Heard(
            position,
            channel,
            channelBytes,
            payload,
            position == null ? ids.get() : "",
            clock.instant());
    add(message);
    if (heard.size() > MAX_HEARD || heardBytes > MAX_HEARD_BYTES) {
      forgetHalf();
    }
    if (payload == null && settled()) {
      agents.forEach(agent -> agent.hold(session));
    }
    message.offered = channel != null && payload != null && anyLive();
    return message;
  }

  /** What was run is known by the agents all the same, where it has a position. */
  private void forgetHalf() {
    forgotten = true;
    List<Object> first = heard.subList(0, heard.size() / 2);
    for (Object each : first) {
      switch (each) {
        case Heard message -> heardBytes -= message.size();
        default -> epochs.remove(String.valueOf(each));
      }
    }
    first.clear();
  }

  private boolean anyLive() {
    for (int i = 0; i < agents.size(); i++) {
      if (agents.get(i).live()) {
        return true;
      }
    }
    return false;
  }

  /** A marker was heard. */
  public void marked(String epoch) {
    heard.add(epoch);
    epochs.add(epoch);
  }

  /** A recorder says where the journal was at a marker; of one that was not heard it is nothing. */
  public void recorded(String epoch, Position position, long number) {
    if (!epochs.contains(epoch)) {
      return;
    }
    silent = false;
    newest = number;
    Target target = new Target(epoch, position, number);
    if (reconciling) {
      next = target;
    } else {
      reconcile(target);
    }
  }

  private void reconcile(Target target) {
    reconciling = true;
    if (!settled) {
      readEnd(target);
    } else if (target.number() == common.number() && target.position().equals(common.position())) {
      settle(target, List.of());
    } else {
      read(target, common, new ArrayList<>());
    }
  }

  /** Where the agents are in the journal is for each to find out: all that matters is its end. */
  private void readEnd(Target target) {
    int mine = session;
    reading.last(
        heard.size() + SLACK,
        entries -> {
          if (mine == session) {
            settleFirst(
                target,
                entries.stream().filter(entry -> entry.number() <= target.number()).toList());
          }
        });
  }

  private void read(Target target, Place from, List<Journal.Entry> read) {
    int mine = session;
    reading.from(
        from,
        page,
        entries -> {
          if (mine != session) {
            return;
          }
          boolean found = !entries.isEmpty() && Place.of(entries.getFirst()).equals(from);
          if (!found && !from.isStart()) {
            loseTrack(target);
            return;
          }
          for (Journal.Entry entry : found ? entries.subList(1, entries.size()) : entries) {
            if (entry.number() <= target.number()) {
              read.add(entry);
            }
          }
          boolean there = !read.isEmpty() && read.getLast().number() == target.number();
          if (there) {
            settle(target, read);
          } else if (read.isEmpty()
              || entries.getLast().number() > target.number()
              || entries.size() < page
              || read.size() > MAX_HEARD) {
            loseTrack(target);
          } else {
            read(target, Place.of(read.getLast()), read);
          }
        });
  }

  /** The journal is not what it was: agents look for their places in it. */
  private void loseTrack(Target target) {
    settled = false;
    agents.forEach(agent -> agent.hold(session));
    readEnd(target);
  }

  private List<Object> before(Target target) {
    int marker = heard.indexOf(target.epoch());
    return marker < 0 ? List.of() : heard.subList(0, marker);
  }

  private void settleFirst(Target target, List<Journal.Entry> end) {
    List<Object> before = before(target);
    Settled heardBefore = new Settled(before, new Pairing(end, before, epochs, false));
    common = end.isEmpty() ? Place.START : Place.of(end.getLast());
    settled = true;
    for (JournaledAgent agent : agents) {
      agent.hold(session);
      if (agent.frontier() == null) {
        agent.begin(beginning(end, heardBefore.pairing()));
      }
      tell(agent, heardBefore);
    }
    rename(end, heardBefore);
    agents.forEach(agent -> agent.owe(heardBefore.recorded()));
    forget(target);
  }

  /** Where an agent begins that was never there before: with what it heard. */
  private Place beginning(List<Journal.Entry> end, Pairing pairing) {
    for (int i = 0; i < end.size(); i++) {
      if (pairing.of(end.get(i)) != null) {
        return i == 0 ? Place.START : Place.of(end.get(i - 1));
      }
    }
    return common;
  }

  /** What was heard, as it turned out. */
  private record Settled(Pairing pairing, List<Heard> recorded, List<Heard> unrecorded) {
    Settled(List<Object> heard, Pairing pairing) {
      this(pairing, new ArrayList<>(), new ArrayList<>());
      for (Object each : heard) {
        if (each instanceof Heard message) {
          (pairing.isRecorded(message) ? recorded : unrecorded).add(message);
        }
      }
    }
  }

  /**
   * Ids are true from now on: what was heard torn has that of its entry, or none of the journal's.
   */
  private void rename(List<Journal.Entry> entries, Settled settled) {
    for (Heard message : settled.unrecorded()) {
      message.stray(ids.get());
    }
    Map<String, Position> names = new HashMap<>();
    for (Journal.Entry entry : entries) {
      Heard message = settled.pairing().of(entry);
      if (message != null && !entry.position().equals(message.position)) {
        names.put(message.id(), entry.position());
        message.position = entry.position();
      }
    }
    if (!names.isEmpty()) {
      agents.forEach(agent -> agent.rename(names));
    }
  }

  /** Tells what is wrong, and lets an agent forget what it ran of what is not recorded. */
  private static void tell(JournaledAgent agent, Settled messages) {
    Pairing pairing = messages.pairing();
    boolean ran = false;
    for (Heard message : messages.unrecorded()) {
      ran |= agent.unrecorded(message);
    }
    if (pairing.torn() || ran && !agent.live()) {
      agent.tell(pairing.unclear() || ran && !agent.live() ? UNCLEAR : TORN);
    }
    if (!messages.unrecorded().isEmpty() && !agent.live()) {
      agent.tell(UNRECORDED);
    }
  }

  private void settle(Target target, List<Journal.Entry> entries) {
    List<Object> before = before(target);
    Settled heardBefore = new Settled(before, new Pairing(entries, before, epochs, !forgotten));
    agents.forEach(agent -> tell(agent, heardBefore));
    rename(entries, heardBefore);
    for (JournaledAgent agent : agents) {
      if (agent.live()) {
        settle(agent, entries, heardBefore.pairing());
      } else {
        agent.owe(heardBefore.recorded());
      }
    }
    if (!entries.isEmpty()) {
      common = Place.of(entries.getLast());
    }
    forget(target);
  }

  private void settle(JournaledAgent agent, List<Journal.Entry> entries, Pairing pairing) {
    for (Journal.Entry entry : entries) {
      Heard message = pairing.of(entry);
      if (message != null && message.offered) {
        agent.settle(entry, message);
      } else if (!agent.give(entry)) {
        agent.hold(session);
        return;
      }
    }
  }

  /** What was before the marker is settled, for good or ill. */
  private void forget(Target target) {
    List<Object> before = before(target);
    for (Object each : before) {
      if (each instanceof Heard message) {
        heardBytes -= message.size();
      }
    }
    if (!before.isEmpty()) {
      before.clear();
    }
    int marker = epochs.indexOf(target.epoch());
    if (marker >= 0) {
      forgotten = false;
    }
    if (marker > 0) {
      epochs.subList(0, marker).clear();
    }
    reconciling = false;
    reconciledAt = clock.instant();
    proceed();
    agents.forEach(JournaledAgent::save);
    Target more = next;
    next = null;
    if (more != null) {
      recorded(more.epoch(), more.position(), more.number());
    }
  }

  /** Gives those that are behind what they lack, as far as they have room for it. */
  public void proceed() {
    if (!settled) {
      return;
    }
    for (JournaledAgent agent : agents) {
      if (!agent.live() && agent.hasRoom() && isThere(agent) && (silent || !forgotten)) {
        agent.catchUp(heard, !silent);
      }
    }
    if (!paging) {
      agents.stream()
          .filter(agent -> !agent.live() && agent.hasRoom() && !isThere(agent))
          .min(Comparator.comparingLong(agent -> placeOf(agent).number()))
          .ifPresent(this::page);
    }
  }

  private boolean isThere(JournaledAgent agent) {
    return placeOf(agent).equals(common);
  }

  private static Place placeOf(JournaledAgent agent) {
    Place place = agent.frontier();
    return place == null ? Place.START : place;
  }

  /** Reads on from where one is; all that are at the same place go along. */
  private void page(JournaledAgent first) {
    paging = true;
    int mine = session;
    Place from = placeOf(first);
    reading.from(
        from,
        page,
        entries -> {
          if (mine != session) {
            return;
          }
          boolean found = !entries.isEmpty() && Place.of(entries.getFirst()).equals(from);
          if (found || from.isStart()) {
            paging = false;
            give(from, found ? entries.subList(1, entries.size()) : entries);
            agents.forEach(JournaledAgent::save);
            proceed();
          } else {
            find(first);
          }
        });
  }

  private void give(Place from, List<Journal.Entry> entries) {
    Place before = from;
    for (Journal.Entry entry : entries) {
      if (entry.number() > common.number()) {
        break;
      }
      for (JournaledAgent agent : agents) {
        if (!agent.live() && placeOf(agent).equals(before)) {
          agent.give(entry);
        }
      }
      before = Place.of(entry);
    }
    // No journal goes on from there up to where all others are.
    if (entries.isEmpty() || entries.getFirst().number() > common.number()) {
      Place stuck = from;
      agents.stream()
          .filter(agent -> !agent.live() && placeOf(agent).equals(stuck))
          .forEach(agent -> agent.skipTo(common));
    }
  }

  private void find(JournaledAgent agent) {
    int mine = session;
    reading.find(
        agent.passed(),
        (found, oldest) -> {
          if (mine == session) {
            paging = false;
            agent.lost(found, oldest);
            proceed();
          }
        });
  }
}
