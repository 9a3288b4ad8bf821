package org.nethserver.events.agent.run;

import java.util.Optional;

/** What an event's policy says of one event. */
public sealed interface Verdict {
  /** By no policy. */
  Verdict AS_EVER = new Runs(Policy.NONE, "", Optional.empty());

  /**
   * It is to run.
   *
   * @param policy how
   * @param key events of one channel and key run once for several, where the policy says so
   * @param objection what is wrong with the payload all the same
   */
  record Runs(Policy policy, String key, Optional<String> objection) implements Verdict {}

  /**
   * It is none of those that are to run.
   *
   * @param why for people
   */
  record Filtered(String why) implements Verdict {}

  /**
   * It is not to run, since its payload is not as it must be.
   *
   * @param why for people, without any value of the payload
   */
  record Invalid(String why) implements Verdict {}
}
