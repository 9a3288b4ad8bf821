package org.nethserver.events.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.run.Counters;
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

/** The lines that administrators and scripts search for, to the letter. */
final class RunLogTests {
  private static final Event EVENT =
      new Event(
          "ev-1",
          Channel.parse("module/openldap1/event/user-created"),
          Payload.of("{\"password\":\"s3cret\"}"),
          Instant.EPOCH);
  private static final StepEntry ENTRY =
      new StepEntry(StepName.of("10first"), "/e/10first", new Disposition.Masks());
  private static final StepWatch STEP = new StepWatch(EVENT, ENTRY, "run-1", 1);
  private static final Map<String, String> EVENT_FIELDS =
      Map.of(
          "AGENT_ID", "module/a1",
          "AGENT_EVENT_ID", "ev-1",
          "AGENT_EVENT_NAME", "user-created",
          "AGENT_EVENT_SOURCE", "module/openldap1");

  private final List<String> lines = new ArrayList<>();
  private final List<Map<String, String>> fields = new ArrayList<>();
  private final Counters counters = new Counters();
  private final RunLog log = new RunLog("module/a1", new FakeLog(), counters);

  private final class FakeLog implements SystemLog {
    @Override
    public void agent(Priority priority, Map<String, String> with, String text) {
      lines.add("<" + priority.ordinal() + ">" + text);
      fields.add(with);
    }

    @Override
    public void step(Map<String, String> with, byte[] line) {
      lines.add(new String(line, UTF_8));
      fields.add(with);
    }

    @Override
    public void close() {}
  }

  private static Map<String, String> stepFields(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(EVENT_FIELDS);
    all.putAll(Map.of("AGENT_STEP", "10first", "AGENT_STEP_RUN", "run-1"));
    all.putAll(more);
    return all;
  }

  @Test
  void startOfAStep() {
    log.stepStarted(STEP);
    assertEquals(
        List.of("<7>Handler of module/openldap1/event/user-created is starting step 10first"),
        lines);
    assertEquals(List.of(stepFields(Map.of())), fields);
  }

  @Test
  void outputOfAStepIsAsItCameAndKnowsItsStream() {
    log.output(STEP, Stream.STDOUT, "<3>one".getBytes(UTF_8));
    log.output(STEP, Stream.STDERR, "two".getBytes(UTF_8));
    assertEquals(List.of("<3>one", "two"), lines);
    assertEquals(
        List.of(
            stepFields(Map.of("AGENT_STREAM", "stdout")),
            stepFields(Map.of("AGENT_STREAM", "stderr"))),
        fields);
  }

  @ParameterizedTest
  @CsvSource({"completed, 0, 0", "aborted, 37, 1", "aborted, -1, 1", "timed-out, -1, 1"})
  void endOfARun(String status, int code, int failed) {
    log.runEnded(EVENT, ENTRY, new RunOutcome(status, code));
    assertEquals(
        List.of(
            "<6>Handler of module/openldap1/event/user-created exited with status \""
                + status
                + "\" ("
                + code
                + ") at step 10first"),
        lines);
    assertEquals(List.of(EVENT_FIELDS), fields);
    assertEquals(1, counters.runs.get());
    assertEquals(failed, counters.failed.get());
  }

  @Test
  void runThatTheAgentEndedIsNotSaidToHaveExited() {
    log.stepEnded(STEP, new Outcome.Stopped());
    log.runEnded(EVENT, ENTRY, new RunOutcome("stopped", -1));
    assertEquals(List.of(), lines);
    assertEquals(1, counters.runs.get());
  }

  @Test
  void skippedStep() {
    log.stepEnded(STEP, new Outcome.Skipped("not executable (mode 0644); run chmod +x"));
    assertEquals(
        List.of(
            "<4>Handler of module/openldap1/event/user-created skipped step 10first:"
                + " not executable (mode 0644); run chmod +x"),
        lines);
  }

  @Test
  void failedSteps() {
    log.stepEnded(STEP, new Outcome.Completed());
    log.stepEnded(STEP, new Outcome.Failed(37));
    log.stepEnded(STEP, new Outcome.Killed(9));
    log.stepEnded(STEP, new Outcome.TimedOut(Duration.ofMinutes(90)));
    String start = "<3>Handler of module/openldap1/event/user-created failed at step 10first: ";
    assertEquals(
        List.of(
            start + "exit status 37",
            start + "killed by signal 9",
            start + "still running after 1h30m and ended; a longer limit is set by --step-timeout"),
        lines);
  }

  @Test
  void rejectedEvent() {
    log.rejected(EVENT);
    assertEquals(
        List.of("<3>Agent is busy. Event module/openldap1/event/user-created rejected!"), lines);
    assertEquals(1, counters.rejected.get());
  }

  @Test
  void missingEnvironmentFile() {
    log.environmentMissing(EVENT, "/state/environment (No such file or directory)");
    assertEquals(
        List.of(
            "<3>Cannot read ./environment file: /state/environment (No such file or directory)"),
        lines);
    assertFalse(lines.toString().contains("s3cret"));
  }
}
