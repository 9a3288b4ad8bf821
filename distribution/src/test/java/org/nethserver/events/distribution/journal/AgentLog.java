package org.nethserver.events.distribution.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All that an agent did, over all its processes. */
final class AgentLog implements Agent.Report {
  record Start(Message.Event event, @Nullable Position id, int time) {}

  final List<Start> starts = new ArrayList<>();
  final Set<String> told = new HashSet<>();
  final Set<Long> trimmed = new HashSet<>();
  final Set<Entry> gaps = new HashSet<>();
  final Set<Message.Event> dead = new HashSet<>();

  /** What its present process heard. */
  final Set<Message.Event> heard = new HashSet<>();

  final Map<Message.Event, Integer> crashes = new HashMap<>();
  private final Set<Message.Event> running = new HashSet<>();
  private final IntSupplier clock;
  boolean disturbed;

  AgentLog(IntSupplier clock) {
    this.clock = clock;
  }

  @Override
  public void started(Message.Event event, @Nullable Position id) {
    starts.add(new Start(event, id, clock.getAsInt()));
    running.add(event);
  }

  @Override
  public void ended(Message.Event event) {
    running.remove(event);
  }

  @Override
  public void told(String what) {
    told.add(what);
  }

  @Override
  public void gap(Entry entry) {
    gaps.add(entry);
  }

  @Override
  public void trimmed(long from, long to) {
    told.add("trimmed");
    for (long number = from; number <= to; number++) {
      trimmed.add(number);
    }
  }

  @Override
  public void dead(Message.Event event) {
    dead.add(event);
  }

  boolean running() {
    return !running.isEmpty();
  }

  void disturbed() {
    disturbed = true;
  }

  void crashed() {
    running.forEach(event -> crashes.merge(event, 1, Integer::sum));
    running.clear();
    heard.clear();
  }

  void fingerprint(StringBuilder text) {
    text.append(starts.stream().map(start -> start.event().serial() + "@" + start.id()).toList());
    text.append(told).append(gaps).append(dead).append(crashes).append(running);
  }
}
