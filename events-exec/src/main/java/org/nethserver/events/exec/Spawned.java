package org.nethserver.events.exec;

import java.util.Optional;
import java.util.function.Supplier;

/** What came of the attempt to start a process. */
sealed interface Spawned {
  /**
   * It runs. All descriptors are the receiver's to close.
   *
   * @param pid the process, leader of a process group of its own
   * @param pidfd readable when it has ended
   * @param stdin where to write what did not yet fit of the payload, if anything is left
   * @param stdout where to read its output
   * @param stderr where to read its errors
   * @param account as whom it runs
   * @param lateRefusal asked once, when it has ended: why it never ran, if it was not yet known
   *     then whether it would; to be kept until then, since the child may use what it holds
   */
  record Running(
      int pid,
      int pidfd,
      Optional<PayloadWriter> stdin,
      int stdout,
      int stderr,
      StepAccount account,
      Supplier<Optional<String>> lateRefusal)
      implements Spawned {}

  /**
   * Nothing was started, nothing is left open.
   *
   * @param why the reason and the cure
   */
  record Refused(String why) implements Spawned {}
}
