package org.nethserver.events.agent.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.run.RunListener.StepWatch;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener.Stream;

final class TimelineTests {
  private static final Event EVENT =
      new Event(
          "1",
          Channel.parse("cluster/event/user-created"),
          Payload.of("{\"password\":\"s3cret\"}"),
          Instant.EPOCH);
  private static final StepEntry ENTRY =
      new StepEntry(StepName.of("10first"), "/e/10first", new Disposition.Masks());
  private static final StepWatch STEP = new StepWatch(EVENT, ENTRY, "run-1", 1);

  private final List<String> lines = new ArrayList<>();
  private final Timeline timeline = new Timeline(lines::add);

  /** Returns the lines without their times, which are seconds since the start. */
  private List<String> told() {
    return lines.stream()
        .map(
            line -> {
              assertTrue(line.matches(" *\\d+\\.\\d{3} s  .*"), line);
              return line.substring(11);
            })
        .toList();
  }

  @Test
  void runThatCompletesIsTold() {
    timeline.runStarted(EVENT);
    timeline.stepStarted(STEP);
    timeline.output(STEP, Stream.STDOUT, "a \u001b line".getBytes(UTF_8));
    timeline.stepEnded(STEP, new Outcome.Completed());
    timeline.runEnded(EVENT, ENTRY, new RunOutcome("completed", 0));
    assertEquals(
        List.of(
            "  cluster/event/user-created is heard, its steps begin",
            "    10first         starts",
            "    10first         | a \\x1b line",
            "    10first         ends well",
            "  cluster/event/user-created completed"),
        told());
    assertEquals(new RunOutcome("completed", 0), timeline.outcomes().poll());
  }

  @Test
  void eachWayToEndIsTold() {
    timeline.stepEnded(STEP, new Outcome.Failed(3));
    timeline.stepEnded(STEP, new Outcome.Killed(9));
    timeline.stepEnded(STEP, new Outcome.TimedOut(Duration.ofHours(1)));
    timeline.stepEnded(STEP, new Outcome.Stopped());
    timeline.stepEnded(STEP, new Outcome.Skipped("not \u001b executable"));
    timeline.runEnded(EVENT, ENTRY, new RunOutcome("aborted", 3));
    timeline.environmentMissing(EVENT, "no such file");
    timeline.rejected(EVENT);
    assertEquals(
        List.of(
            "    10first         FAILS with exit status 3",
            "    10first         DIES of signal 9",
            "    10first         is ENDED: its time is over",
            "    10first         is ended with the demo",
            "    10first         is SKIPPED: not \\x1b executable",
            "  cluster/event/user-created aborted at 10first; later steps do not run",
            "  no variables from ./environment: no such file",
            "  cluster/event/user-created is rejected: too much waits"),
        told());
  }
}
