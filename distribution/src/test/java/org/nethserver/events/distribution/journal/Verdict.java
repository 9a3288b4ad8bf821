package org.nethserver.events.distribution.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Holds what came of a run against what was published. */
final class Verdict {
  private final Server primary;
  private final List<Message.Event> published;
  private final List<Integer> times;
  private final Map<Message.Event, Integer> recordedAt;
  private final Map<Entry, Integer> gapsAt;
  private final Map<Message.Event, Integer> order = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  Verdict(
      Server primary,
      List<Message.Event> published,
      List<Integer> times,
      Map<Message.Event, Integer> recordedAt,
      Map<Entry, Integer> gapsAt) {
    this.primary = primary;
    this.published = published;
    this.times = times;
    this.recordedAt = recordedAt;
    this.gapsAt = gapsAt;
    for (Message.Event event : primary.history) {
      order.put(event, order.size());
    }
  }

  List<String> violations() {
    return violations;
  }

  /**
   * Two entries without a gap between them were published one right after the other: so nothing is
   * missing, doubled, moved or made up without being told.
   */
  void judgeJournal() {
    Entry before = null;
    int last = -1;
    boolean gap = false;
    for (Entry entry : primary.journal) {
      if (before != null && entry.number() != before.number() + 1) {
        violations.add("number " + entry.number() + " follows " + before.number());
      }
      if (entry.gap()) {
        gap = true;
      } else {
        int index = order.getOrDefault(entry.event(), -1);
        boolean first = before == null && entry.number() > 1;
        if (index <= last) {
          violations.add("recorded out of order, or twice, or never published: " + entry);
        } else if (!gap && !first && index != last + 1) {
          violations.add("lost silently before " + entry);
        }
        last = index;
        gap = false;
      }
      before = entry;
    }
    if (last != primary.history.size() - 1) {
      violations.add("the last events were not recorded though all is whole");
    }
  }

  void judge(AgentLog log, boolean idle, boolean distinct) {
    if (!idle) {
      violations.add("an agent has something to run and does not");
    }
    for (Entry entry : primary.journal) {
      if (entry.gap() && !log.gaps.contains(entry)) {
        violations.add("an agent does not know of the gap " + entry);
      }
    }
    Map<Message.Event, Integer> starts = new HashMap<>();
    log.starts.forEach(start -> starts.merge(start.event(), 1, Integer::sum));
    if (log.told.isEmpty() && (distinct || !log.disturbed)) {
      judgeEach(log, starts);
      judgeOrder(log);
    }
    judgeContents(log, distinct);
    for (Message.Event event : log.heard) {
      if (distinct && !starts.containsKey(event) && !log.dead.contains(event)) {
        violations.add("heard and never run: " + event);
      }
    }
    for (Message.Event event : recordedAt.keySet()) {
      boolean told =
          log.disturbed && !distinct
              || !log.told.isEmpty()
              || log.dead.contains(event)
              || log.gaps.stream().anyMatch(gap -> gapsAt.get(gap) > recordedAt.get(event));
      if (!starts.containsKey(event) && !told) {
        violations.add("an agent never ran, and was never told of, " + event);
      }
    }
    log.crashes.forEach(
        (event, crashes) -> {
          if (crashes > 2) {
            violations.add("killed the agent " + crashes + " times: " + event);
          }
        });
  }

  private void judgeEach(AgentLog log, Map<Message.Event, Integer> starts) {
    starts.forEach(
        (event, count) -> {
          if (count > 1 + log.crashes.getOrDefault(event, 0)) {
            violations.add("ran " + count + " times: " + event);
          }
        });
    for (Entry entry : primary.journal) {
      if (!entry.gap() && !starts.containsKey(entry.event()) && !log.dead.contains(entry.event())) {
        violations.add("recorded and never run: " + entry);
      }
    }
    Map<Message.Event, Position> ids = new HashMap<>();
    for (AgentLog.Start start : log.starts) {
      if (start.id() != null) {
        Position other = ids.putIfAbsent(start.event(), start.id());
        if (other != null && !other.equals(start.id())) {
          violations.add("ran as " + other + " and as " + start.id() + ": " + start.event());
        }
      }
    }
  }

  private void judgeOrder(AgentLog log) {
    Map<Character, Integer> last = new TreeMap<>();
    Set<Message.Event> seen = new HashSet<>();
    for (AgentLog.Start start : log.starts) {
      Integer index = order.get(start.event());
      if (index != null && seen.add(start.event())) {
        Integer before = last.put(start.event().channel(), index);
        if (before != null && before > index) {
          violations.add("out of order: " + start.event());
        }
      }
    }
  }

  /**
   * Events of one content cannot be told apart by anybody. So each recorded one asks for a run of
   * its own that began after it was published, and there are no more runs than publications and
   * crashes.
   */
  private void judgeContents(AgentLog log, boolean distinct) {
    for (Message.Event kind : new HashSet<>(published)) {
      List<Integer> runs = new ArrayList<>();
      int crashes = 0;
      int publications = 0;
      for (AgentLog.Start start : log.starts) {
        if (start.event().sameContent(kind)) {
          runs.add(start.time());
          publications += start.id() == null ? 1 : 0;
        }
      }
      for (Message.Event event : published) {
        if (event.sameContent(kind)) {
          publications++;
          crashes += log.crashes.getOrDefault(event, 0);
        }
      }
      boolean unclear = log.told.contains(Agent.UNCLEAR) || log.disturbed && !distinct;
      if (runs.size() > publications + crashes && !unclear) {
        violations.add("ran more often than published: " + kind);
      }
      for (Entry entry : primary.journal.reversed()) {
        boolean known = log.dead.contains(entry.event()) || log.trimmed.contains(entry.number());
        if (!entry.gap() && entry.event().sameContent(kind) && !known) {
          boolean alike = log.disturbed && !distinct;
          int since = alike ? 0 : times.get(entry.event().serial());
          if (runs.isEmpty() || runs.getLast() < since) {
            violations.add("no run for " + entry);
          } else {
            runs.removeLast();
          }
        }
      }
    }
  }
}
