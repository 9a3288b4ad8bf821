package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nethserver.events.api.Outcome;

final class ReaperTest {
  @Test
  void waitStatusIsTakenApart() {
    assertEquals(new Outcome.Completed(), Reaper.outcome(0));
    assertEquals(new Outcome.Failed(1), Reaper.outcome(0x0100));
    assertEquals(new Outcome.Failed(255), Reaper.outcome(0xff00));
    assertEquals(new Outcome.Killed(9), Reaper.outcome(9));
    // With a core dump.
    assertEquals(new Outcome.Killed(3), Reaper.outcome(0x83));
  }
}
