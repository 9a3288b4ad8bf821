package org.nethserver.events.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.journal.JournalStatus;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunListener.StepWatch;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.StepEntry;

final class GaugingTests {
  private final Counters counters = new Counters();
  private final Gauging gauging = new Gauging(Labels.EMPTY, counters, true);
  private Readings readings = Readings.none();

  GaugingTests() {
    gauging.use(
        new Subject() {
          @Override
          public void read(Consumer<Readings> taker) {
            taker.accept(readings);
          }

          @Override
          public void answer(Runnable reply) {
            reply.run();
          }
        });
  }

  private static Event event(String name) {
    return new Event(
        "1", Channel.parse("module/a1/event/" + name), Payload.of("{}"), Instant.EPOCH);
  }

  private static StepEntry entry() {
    return new StepEntry(StepName.of("10a"), "/steps", new StepEntry.Disposition.Refused("a test"));
  }

  private static Readings.Agent agent(String id) {
    return new Readings.Agent(id, 1, 4, 2, 300, Optional.of(Instant.now().minusSeconds(60)));
  }

  private static Readings hosted(String... ids) {
    return new Readings(
        false,
        true,
        Optional.empty(),
        Duration.ofMillis(1500),
        32,
        List.of(ids).stream().map(GaugingTests::agent).toList(),
        Optional.empty());
  }

  private static void run(RunListener listener, String name, Outcome outcome) {
    Event event = event(name);
    StepWatch step = new StepWatch(event, entry(), "r", 1);
    listener.runStarted(event);
    listener.stepStarted(step);
    listener.stepEnded(step, outcome);
    listener.runEnded(event, entry(), outcome(outcome));
  }

  private static RunOutcome outcome(Outcome last) {
    return switch (last) {
      case Outcome.Failed failed -> new RunOutcome("aborted", failed.code());
      case Outcome.TimedOut _ -> new RunOutcome("timed-out", -1);
      default -> new RunOutcome("completed", 0);
    };
  }

  private String scrape() throws IOException {
    gauging.refresh(() -> {});
    return new String(new MetricsPage(gauging).text(), StandardCharsets.UTF_8);
  }

  private void assertHas(String... lines) throws IOException {
    List<String> all = scrape().lines().toList();
    for (String line : lines) {
      assertTrue(all.contains(line), () -> line + " is not in\n" + String.join("\n", all));
    }
  }

  @Test
  void runsAndStepsAreCountedByHowTheyEnd() throws IOException {
    readings = hosted("module/a1");
    RunListener runs = gauging.runs("module/a1");
    run(runs, "user-created", new Outcome.Completed());
    run(runs, "user-created", new Outcome.Completed());
    run(runs, "user-created", new Outcome.Failed(3));
    run(runs, "user-removed", new Outcome.TimedOut(Duration.ofSeconds(1)));
    assertHas(
        "events_runs_total{agent=\"module/a1\",event=\"user-created\",outcome=\"completed\"} 2.0",
        "events_runs_total{agent=\"module/a1\",event=\"user-created\",outcome=\"aborted\"} 1.0",
        "events_runs_total{agent=\"module/a1\",event=\"user-removed\",outcome=\"timed-out\"} 1.0",
        "events_steps_total{agent=\"module/a1\",outcome=\"failed\"} 1.0",
        "events_steps_total{agent=\"module/a1\",outcome=\"killed\"} 0.0",
        "events_run_duration_seconds_count{agent=\"module/a1\"} 4",
        "events_step_duration_seconds_count{agent=\"module/a1\"} 4");
  }

  @Test
  void whatPoliciesDoIsCounted() throws IOException {
    readings = hosted("module/a1");
    RunListener runs = gauging.runs("module/a1");
    runs.filtered(event("a"), "");
    runs.invalid(event("a"), "", true);
    runs.invalid(event("a"), "", false);
    runs.superseded(event("a"), event("a"));
    runs.retrying(new StepWatch(event("a"), entry(), "r", 1), Duration.ZERO);
    runs.vanished(event("a"));
    runs.policyUnused("a test");
    assertHas(
        "events_filtered_total{agent=\"module/a1\"} 1.0",
        "events_invalid_total{agent=\"module/a1\"} 2.0",
        "events_superseded_total{agent=\"module/a1\"} 1.0",
        "events_retries_total{agent=\"module/a1\"} 1.0",
        "events_policies_unused_total{agent=\"module/a1\"} 1.0",
        "events_vanished_total{agent=\"module/a1\"} 1.0");
  }

  @Test
  void hostIsReadAnewForEachScrape() throws IOException {
    readings = hosted("module/a1");
    counters.unhandled.set(7);
    assertHas(
        "events_unhandled_total 7.0",
        "events_connected 1.0",
        "events_ready 1.0",
        "events_places 32.0",
        "events_subscription_gap_seconds_total 1.5",
        "events_agent_running{agent=\"module/a1\"} 1.0",
        "events_agent_places{agent=\"module/a1\"} 4.0",
        "events_agent_queue_events{agent=\"module/a1\"} 2.0",
        "events_agent_queue_bytes{agent=\"module/a1\"} 300.0");
    assertTrue(scrape().contains("events_agent_queue_oldest_age_seconds{agent=\"module/a1\"} 6"));
    readings = Readings.none();
    assertHas("events_connected 0.0", "events_ready 0.0");
  }

  @Test
  void thousandNamesAreNotAsManyLabels() throws IOException {
    readings = hosted("module/a1");
    RunListener runs = gauging.runs("module/a1");
    for (int i = 0; i < 1000; i++) {
      run(runs, "event-" + i, new Outcome.Completed());
    }
    assertHas(
        "events_runs_total{agent=\"module/a1\",event=\"event-199\",outcome=\"completed\"} 1.0",
        "events_runs_total{agent=\"module/a1\",event=\"other\",outcome=\"completed\"} 800.0");
    assertEquals(201, scrape().lines().filter(l -> l.startsWith("events_runs_total{")).count());
  }

  @Test
  void agentThatIsGoneLeavesNoSeries() throws IOException {
    readings = hosted("module/a1", "module/a2");
    run(gauging.runs("module/a1"), "user-created", new Outcome.Completed());
    run(gauging.runs("module/a2"), "user-created", new Outcome.Completed());
    assertTrue(scrape().contains("module/a2"));
    readings = hosted("module/a1");
    assertFalse(scrape().contains("module/a2"));
    assertHas("events_run_duration_seconds_count{agent=\"module/a1\"} 1");
    readings = hosted("module/a1", "module/a2");
    gauging.runs("module/a2");
    assertHas("events_run_duration_seconds_count{agent=\"module/a2\"} 0");
  }

  @Test
  void journalTellsHowFarAgentsAreAndWhatTheyLost() throws IOException {
    JournalStatus status =
        new JournalStatus(
            true,
            Optional.of(Instant.now().minusSeconds(30)),
            Optional.empty(),
            List.of(
                new JournalStatus.Agent(
                    "module/a1", false, 12, 1, Map.of(JournalStatus.Loss.TRIMMED, 5L))));
    readings =
        new Readings(
            false,
            true,
            Optional.empty(),
            Duration.ZERO,
            32,
            List.of(agent("module/a1")),
            Optional.of(status));
    assertHas(
        "events_ready 0.0",
        "events_journal_recorder_heard 1.0",
        "events_journal_caught_up{agent=\"module/a1\"} 0.0",
        "events_journal_lag_entries{agent=\"module/a1\"} 12.0",
        "events_journal_gaps_total{agent=\"module/a1\"} 1.0",
        "events_journal_lost_total{agent=\"module/a1\",reason=\"trimmed\"} 5.0",
        "events_journal_lost_total{agent=\"module/a1\",reason=\"set-aside\"} 0.0");
    assertEquals(Optional.of("module/a1 has not caught up with the journal"), readings.notReady());
    assertTrue(scrape().contains("\nevents_journal_marker_age_seconds 30."));
    assertFalse(scrape().contains("\nevents_journal_reconciled_age_seconds "));
  }
}
