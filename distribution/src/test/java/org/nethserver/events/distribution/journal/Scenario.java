package org.nethserver.events.distribution.journal;

import java.util.EnumSet;
import java.util.Random;
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
    boolean warm,
    boolean oneSpared) {
  enum Fault {
    RECORDER_KILLED,
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

  private static final Set<Fault> HARMLESS_TO_REDIS =
      EnumSet.of(
          Fault.RECORDER_KILLED,
          Fault.REPLY_LOST,
          Fault.QUEUE_DROPPED,
          Fault.AGENT_KILLED,
          Fault.AGENT_CUT_OFF,
          Fault.WRITES_REFUSED);

  /** Whether one recorder stayed whole, so that nothing at all may be missing. */
  boolean promisesAll() {
    return oneSpared && warm && !hasty && HARMLESS_TO_REDIS.containsAll(kinds);
  }

  /** Any scenario, of a size at which thousands can be tried. */
  static Scenario random(Random random) {
    Set<Fault> kinds = EnumSet.noneOf(Fault.class);
    Fault[] all = Fault.values();
    boolean alone = random.nextInt(3) == 0;
    boolean oneSpared = random.nextInt(4) == 0;
    if (alone) {
      kinds.add(all[random.nextInt(all.length)]);
    } else {
      for (Fault fault : all) {
        if (random.nextInt(4) == 0 && (!oneSpared || HARMLESS_TO_REDIS.contains(fault))) {
          kinds.add(fault);
        }
      }
    }
    return new Scenario(
        1 + random.nextInt(3),
        1 + random.nextInt(2),
        random.nextBoolean(),
        2 + random.nextInt(12),
        1 + random.nextInt(4),
        random.nextInt(3) == 0,
        4 + random.nextInt(12),
        random.nextInt(7),
        kinds,
        random.nextInt(3) == 0,
        oneSpared || random.nextInt(4) > 0,
        oneSpared);
  }
}
