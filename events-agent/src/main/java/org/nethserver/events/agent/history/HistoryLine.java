package org.nethserver.events.agent.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.history.RecordedRun.RecordedStep;
import org.nethserver.events.agent.json.JsonText;
import tools.jackson.databind.JsonNode;

/** What a line of the history says. */
sealed interface HistoryLine {
  /** A run has begun or, if it has an outcome, has ended. */
  record Run(RecordedRun run) implements HistoryLine {}

  /** A process begins. */
  record Process(ProcessMark mark) implements HistoryLine {}

  /** So many runs are missing. */
  record Dropped(long runs) implements HistoryLine {}

  /** Reads a line; empty if it is none of ours, or not whole. */
  static Optional<HistoryLine> read(String line) {
    return JsonText.read(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)))
        .root()
        .filter(JsonNode::isObject)
        .flatMap(HistoryLine::read);
  }

  private static Optional<HistoryLine> read(JsonNode line) {
    try {
      if (line.has("process")) {
        return Optional.of(
            new Process(
                new ProcessMark(
                    text(line, "process"),
                    line.path("pid").asLong(-1),
                    line.path("start").asLong(-1),
                    text(line, "boot"))));
      }
      if (line.has("dropped")) {
        return Optional.of(new Dropped(line.path("dropped").asLong(0)));
      }
      return line.has("run") ? Optional.of(new Run(run(line))) : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty(); // another version's, perhaps
    }
  }

  private static RecordedRun run(JsonNode line) {
    boolean ended = line.has("outcome");
    List<RecordedStep> steps = new ArrayList<>();
    line.path("steps").forEach(step -> steps.add(step(step)));
    return new RecordedRun(
        text(line, "run"),
        text(line, "event"),
        text(line, "source"),
        text(line, "name"),
        line.path("delivery").asInt(1),
        Instant.parse(text(line, "began")),
        ended ? Optional.of(duration(line)) : Optional.empty(),
        ended ? text(line, "outcome") : RecordedRun.RUNNING,
        line.path("code").asInt(0),
        ended ? text(line, "step") : "",
        steps);
  }

  private static RecordedStep step(JsonNode step) {
    return new RecordedStep(
        text(step, "step"),
        Instant.parse(text(step, "began")),
        duration(step),
        text(step, "outcome"),
        step.path("code").asInt(0),
        step.path("signal").asInt(0),
        step.path("why").asString(""),
        step.path("attempts").asInt(1),
        step.path("output").asString(""),
        step.path("cut").asBoolean(false));
  }

  private static Duration duration(JsonNode of) {
    return Duration.ofNanos(Math.round(of.path("ms").asDouble(0) * 1_000_000));
  }

  private static String text(JsonNode of, String key) {
    JsonNode value = of.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException(key);
    }
    return value.stringValue();
  }
}
