package org.nethserver.events.exec;

import java.util.Optional;

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
   */
  record Running(int pid, int pidfd, Optional<PayloadWriter> stdin, int stdout, int stderr)
      implements Spawned {}

  /**
   * Nothing was started, nothing is left open.
   *
   * @param why the reason and the cure
   */
  record Refused(String why) implements Spawned {}
}
