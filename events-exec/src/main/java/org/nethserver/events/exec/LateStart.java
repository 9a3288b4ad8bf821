package org.nethserver.events.exec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A start whose child was not waited for to the end: until that has become its program, or ended,
 * the memory of the call is the child's.
 *
 * <p>The loop asks why it never ran, whoever starts the next asks for the memory: this object's
 * lock keeps them apart.
 */
final class LateStart {
  private @Nullable StartCall call;
  private boolean ended;

  LateStart(StartCall call) {
    this.call = call;
  }

  /** Gives the memory, once, to the first who asks when neither the child nor its end needs it. */
  synchronized Optional<StartCall> memory() {
    StartCall kept = call;
    if (kept == null || kept.usedByChild() || (!ended && kept.failure().isPresent())) {
      return Optional.empty();
    }
    call = null;
    return Optional.of(kept);
  }

  /** Says, when the process has ended, why it never ran the program, if so. */
  synchronized Optional<StartCall.Failure> end() {
    ended = true;
    return Optional.ofNullable(call).flatMap(StartCall::failure);
  }
}
