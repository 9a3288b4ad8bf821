package org.nethserver.events.distribution.journal;

import java.util.Set;

/** What there is in a run of the model, and what may befall it. */
record Scenario(
    int recorders,
    int agents,
    boolean replica,
    int events,
    int contents,
    boolean distinct,
    int marks,
    int faults,
    Set<Fault> kinds,
    boolean hasty,
    boolean warm) {
  enum Fault {
    RECORDER_KILLED,
    RECORDER_CUT_OFF,
    REPLY_LOST,
    QUEUE_DROPPED,
    AGENT_KILLED,
    AGENT_CUT_OFF,
    REDIS_KILLED,
    FLUSHED,
    TRIMMED,
    WRITES_REFUSED,
    REPLICA_SYNCHRONISED,
    PUBLISHED_ON_REPLICA,
    REPLICA_PROMOTED
  }

  Scenario with(Fault... only) {
    return new Scenario(
        recorders, agents, replica, events, contents, distinct, marks, faults, Set.of(only), hasty, warm);
  }
}
