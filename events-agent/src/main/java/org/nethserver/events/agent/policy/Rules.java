package org.nethserver.events.agent.policy;

import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.plugins.Glob;
import org.nethserver.events.agent.run.Policy;
import tools.jackson.core.JsonPointer;

/**
 * What a {@code handler.json} says.
 *
 * @param sources whose events are to run; all if there are none
 * @param conditions what must hold of the payload
 * @param key where in the payload is what tells kinds of events apart that run once for several
 * @param rejectsInvalid whether an event does not run whose payload breaks its schema
 * @param policy how the rest is to run
 */
record Rules(
    List<Glob> sources,
    List<Condition> conditions,
    List<JsonPointer> key,
    boolean rejectsInvalid,
    Policy policy) {
  /** There is no such file. */
  static final Rules NONE = new Rules(List.of(), List.of(), List.of(), false, Policy.NONE);

  Rules {
    sources = List.copyOf(sources);
    conditions = List.copyOf(conditions);
    key = List.copyOf(key);
  }

  /** Says why events of a source do not run, if they do not. */
  Optional<String> objection(String source) {
    if (sources.isEmpty() || sources.stream().anyMatch(glob -> glob.matches(source))) {
      return Optional.empty();
    }
    return Optional.of("its source is none of " + sources);
  }

  boolean readsPayload() {
    return !conditions.isEmpty() || !key.isEmpty();
  }
}
