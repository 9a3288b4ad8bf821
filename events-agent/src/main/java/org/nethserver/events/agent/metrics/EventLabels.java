package org.nethserver.events.agent.metrics;

import java.util.HashSet;
import java.util.Set;

/**
 * Names of events as labels: the first ones stand as they are, all others as one. Each label is
 * kept for as long as the process lives, so there must be an end to them.
 *
 * <p>Lives on the dispatch thread.
 */
final class EventLabels {
  static final String OTHER = "other";

  private final int max;
  private final Set<String> known = new HashSet<>();

  EventLabels(int max) {
    this.max = max;
  }

  String label(String event) {
    if (known.contains(event)) {
      return event;
    }
    if (known.size() >= max) {
      return OTHER;
    }
    known.add(event);
    return event;
  }
}
