package org.nethserver.events.agent.host;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/**
 * Writes the runs of an agent to the system log. Administrators and scripts search for these lines:
 * "Handler of", "skipped step", "exited with status" and "rejected!" stand as in NS8's agent.
 */
final class RunLog implements RunListener {
  private final String agent;
  private final Optional<String> identifier;
  private final SystemLog log;
  private final Counters counters;

  RunLog(String agent, SystemLog log, Counters counters) {
    this(agent, Optional.empty(), log, counters);
  }

  /**
   * Makes a listener.
   *
   * @param identifier the syslog identifier of its lines, if not the log's own
   */
  RunLog(String agent, Optional<String> identifier, SystemLog log, Counters counters) {
    this.agent = agent;
    this.identifier = identifier;
    this.log = log;
    this.counters = counters;
  }

  @Override
  public void stepStarted(StepWatch step) {
    log.agent(Priority.DEBUG, fields(step), handler(step) + " is starting step " + name(step));
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    Map<String, String> fields = new TreeMap<>(fields(step));
    fields.put("AGENT_STREAM", stream == Stream.STDOUT ? "stdout" : "stderr");
    log.step(fields, line);
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Completed _, Outcome.Stopped _ -> {}
      case Outcome.Skipped skipped ->
          log.agent(
              Priority.WARNING,
              fields(step),
              handler(step) + " skipped step " + name(step) + ": " + skipped.why());
      case Outcome.Failed failed -> failed(step, "exit status " + failed.code());
      case Outcome.Killed killed -> failed(step, "killed by signal " + killed.signal());
      case Outcome.TimedOut timedOut ->
          failed(
              step,
              "still running after "
                  + Amounts.format(timedOut.limit())
                  + " and ended; a longer limit is set by --step-timeout");
    }
  }

  private void failed(StepWatch step, String how) {
    log.agent(
        Priority.ERROR, fields(step), handler(step) + " failed at step " + name(step) + ": " + how);
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    counters.runs.incrementAndGet();
    if (outcome.failed()) {
      counters.failed.incrementAndGet();
    }
    if (outcome.stopped()) {
      return; // as in NS8's agent, which is gone by then
    }
    log.agent(
        Priority.INFO,
        fields(event),
        "Handler of "
            + event.channel()
            + " exited with status \""
            + outcome.status()
            + "\" ("
            + outcome.code()
            + ") at step "
            + last.name());
  }

  @Override
  public void environmentMissing(Event event, String why) {
    log.agent(Priority.ERROR, fields(event), "Cannot read ./environment file: " + why);
  }

  @Override
  public void policyUnused(String why) {
    log.agent(Priority.WARNING, identified(Map.of("AGENT_ID", agent)), why);
  }

  @Override
  public void filtered(Event event, String why) {
    log.agent(Priority.DEBUG, fields(event), handler(event) + " is not to run: " + why);
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    log.agent(
        runs ? Priority.WARNING : Priority.ERROR,
        fields(event),
        handler(event)
            + (runs ? " runs although " : " does not run: ")
            + "its payload breaks validate-input.json: "
            + why);
  }

  @Override
  public void superseded(Event event, Event by) {
    log.agent(
        Priority.DEBUG, fields(event), handler(event) + " runs for a later event: " + by.id());
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    log.agent(
        Priority.INFO,
        fields(step),
        handler(step)
            + " starts step "
            + name(step)
            + " again in "
            + Amounts.format(delay)
            + ", for the "
            + (step.attempt() + 1)
            + ordinal(step.attempt() + 1)
            + " time");
  }

  private static String ordinal(int number) {
    boolean teen = number / 10 % 10 == 1;
    return switch (number % 10) {
      case 1 -> teen ? "th" : "st";
      case 2 -> teen ? "th" : "nd";
      case 3 -> teen ? "th" : "rd";
      default -> "th";
    };
  }

  @Override
  public void rejected(Event event) {
    counters.rejected.incrementAndGet();
    log.agent(
        Priority.ERROR, fields(event), "Agent is busy. Event " + event.channel() + " rejected!");
  }

  private static String handler(StepWatch step) {
    return handler(step.event());
  }

  private static String handler(Event event) {
    return "Handler of " + event.channel();
  }

  private static String name(StepWatch step) {
    return step.entry().name().toString();
  }

  private Map<String, String> fields(StepWatch step) {
    return identified(step.fields(agent));
  }

  private Map<String, String> fields(Event event) {
    return identified(
        Map.of(
            "AGENT_ID", agent,
            "AGENT_EVENT_ID", event.id(),
            "AGENT_EVENT_NAME", event.name().text(),
            "AGENT_EVENT_SOURCE", event.source().text()));
  }

  private Map<String, String> identified(Map<String, String> fields) {
    if (identifier.isEmpty()) {
      return fields;
    }
    Map<String, String> more = new TreeMap<>(fields);
    more.put(SystemLog.IDENTIFIER, identifier.get());
    return more;
  }
}
