package org.nethserver.events.agent.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.nethserver.events.agent.journal.JournalStatus;
import org.nethserver.events.agent.run.Counters;

/** Declares the figures of a host: what it counts, and how it stood when it was last read. */
final class HostFigures {
  private final Figures figures;
  private final Supplier<Readings> readings;
  private final Clock clock;

  /**
   * Makes what declares nothing yet.
   *
   * @param readings how the host stood when it was last read
   */
  HostFigures(Figures figures, Supplier<Readings> readings, Clock clock) {
    this.figures = figures;
    this.readings = readings;
    this.clock = clock;
  }

  void declare(Counters counters) {
    figures.counted(
        "events_received_total",
        "Messages that came, refused and rejected ones included.",
        counters.received::get);
    figures.counted(
        "events_refused_total",
        "Messages whose channel is none of an event.",
        counters.refused::get);
    figures.counted(
        "events_rejected_total",
        "Events that found a queue full, counted for each agent that would have run them.",
        counters.rejected::get);
    figures.counted(
        "events_unhandled_total", "Events for which no agent had steps.", counters.unhandled::get);
    figures.counted(
        "events_handler_calls_abandoned_total",
        "Calls of handlers in Java that did not return and were given up.",
        counters.abandoned::get);
    declareSubscription(counters);
    declareAgents();
  }

  private void declareSubscription(Counters counters) {
    figures.gauge(
        "events_connected",
        "Whether events are heard: 1 if the subscription is there.",
        () -> number(readings.get().connected()));
    figures.gauge(
        "events_ready",
        "Whether all is as it should be: subscribed, and caught up with the journal.",
        () -> number(readings.get().notReady().isEmpty()));
    figures.counted(
        "events_subscription_gaps_total",
        "Times that the subscription was lost and came back; events may have been missed.",
        counters.gaps::get);
    figures.counted(
        "events_subscription_gap_seconds_total",
        "How long there was no subscription since the first.",
        () -> seconds(readings.get().gaps()));
  }

  private void declareAgents() {
    figures.gauge(
        "events_places", "Runs that all agents may have at once.", () -> readings.get().places());
    agent("events_agent_places", "Runs that the agent may have at once.", Readings.Agent::places);
    agent("events_agent_running", "Runs that there are.", Readings.Agent::running);
    agent("events_agent_queue_events", "Events that wait.", Readings.Agent::waiting);
    agent("events_agent_queue_bytes", "Bytes of payload that wait.", Readings.Agent::waitingBytes);
    agent(
        "events_agent_queue_oldest_age_seconds",
        "How long the oldest event that waits has been known; 0 if none waits.",
        agent -> agent.oldest().map(this::age).orElse(0.0));
  }

  private void agent(String name, String help, ToDoubleFunction<Readings.Agent> value) {
    figures.gauge(
        name,
        help,
        taker ->
            readings
                .get()
                .agents()
                .forEach(
                    agent -> taker.accept(value.applyAsDouble(agent), new String[] {agent.id()})),
        "agent");
  }

  /** Where agents follow a journal. */
  void declareJournal() {
    figures.gauge(
        "events_journal_recorder_heard",
        "Whether a recorder is heard: without one, what is missed is lost.",
        () -> number(journal().anyMatch(JournalStatus::there)));
    figures.gauge(
        "events_journal_marker_age_seconds",
        "How long ago the last marker of a recorder was heard; one comes each second.",
        taker ->
            journal()
                .flatMap(status -> status.markedAt().stream())
                .forEach(time -> taker.accept(age(time), new String[0])));
    figures.gauge(
        "events_journal_reconciled_age_seconds",
        "How long ago what was heard was last held against what is recorded.",
        taker ->
            journal()
                .flatMap(status -> status.reconciledAt().stream())
                .forEach(time -> taker.accept(age(time), new String[0])));
    journaled(
        "events_journal_caught_up",
        "Whether the agent has caught up with the journal, and takes events as they come.",
        agent -> number(agent.live()));
    journaled(
        "events_journal_lag_entries",
        "Entries of the journal that the agent has still to be given.",
        JournalStatus.Agent::lag);
    figures.counted(
        "events_journal_gaps_total",
        "Gaps in the journal that the agent came by, before which events may be missing.",
        taker ->
            journaled()
                .forEach(agent -> taker.accept((double) agent.gaps(), new String[] {agent.id()})),
        "agent");
    figures.counted(
        "events_journal_lost_total",
        "Events that are known of and were not run.",
        taker -> journaled().forEach(agent -> lost(agent, taker::accept)),
        "agent",
        "reason");
  }

  private interface Taker {
    void accept(Double value, String[] labels);
  }

  private static void lost(JournalStatus.Agent agent, Taker taker) {
    for (JournalStatus.Loss loss : JournalStatus.Loss.values()) {
      String reason =
          switch (loss) {
            case PASSED_OVER -> "passed-over";
            case TRIMMED -> "trimmed";
            case SET_ASIDE -> "set-aside";
          };
      taker.accept((double) agent.lost().getOrDefault(loss, 0L), new String[] {agent.id(), reason});
    }
  }

  private void journaled(String name, String help, ToDoubleFunction<JournalStatus.Agent> value) {
    figures.gauge(
        name,
        help,
        taker ->
            journaled()
                .forEach(
                    agent -> taker.accept(value.applyAsDouble(agent), new String[] {agent.id()})),
        "agent");
  }

  private Stream<JournalStatus> journal() {
    return readings.get().journal().stream();
  }

  private Stream<JournalStatus.Agent> journaled() {
    return journal().flatMap(status -> status.agents().stream());
  }

  private double age(Instant time) {
    return Math.max(0, seconds(Duration.between(time, clock.instant())));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static double number(boolean fact) {
    return fact ? 1 : 0;
  }
}
