package org.nethserver.events.distribution.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of an agent outlives its process. */
final class AgentFile {
  record Tick(Position position, Message.Event event) {}

  /** The last entry before which nothing is left to run. */
  Head cursor = Head.NONE;

  /** Ended runs, the newest last. */
  final List<Tick> ended = new ArrayList<>();

  /** Entries that were read up to the cursor or beyond it, so that a fork can be traced back. */
  final List<Head> passed = new ArrayList<>();

  /** The same, of the agent that is built. */
  final List<String> lines = new ArrayList<>();

  final Map<Position, Integer> starts = new LinkedHashMap<>();

  void fingerprint(StringBuilder text) {
    text.append(cursor).append(ended).append(passed).append(starts);
  }
}
