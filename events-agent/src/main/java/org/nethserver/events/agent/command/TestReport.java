package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.agent.run.StepResolver.Resolved;
import org.nethserver.events.agent.text.Masking;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;
import picocli.CommandLine;

/**
 * Shows a run to the one who started it: the steps' output on stdout, the rest on stderr; or one
 * JSON object on stdout.
 */
final class TestReport implements RunListener {
  private static final int TIMED_OUT = 124;
  private static final int SIGNAL = 128;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private final Map<String, Object> whole = new LinkedHashMap<>();
  private final Map<String, Long> startedAt = new ConcurrentHashMap<>();
  private final Map<String, List<String>> lines = new ConcurrentHashMap<>();
  private OptionalInt exitCode = OptionalInt.empty();

  TestReport(CommandLine command, boolean json) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.json = json;
  }

  void begin(Channel channel) {
    whole.put("channel", channel.toString());
  }

  void dryRun(Channel channel, List<Resolved> resolved) {
    if (resolved.isEmpty()) {
      Terminal.print(
          err,
          "No steps for \""
              + channel.name()
              + "\": \"events handlers\" shows which events have some");
    } else if (resolved.stream().noneMatch(Resolved::isTried)) {
      Terminal.print(err, "No step of \"" + channel.name() + "\" is left to run");
    }
    HandlersCommand.show(out, channel.name(), resolved, json);
  }

  @Override
  public void stepStarted(StepWatch step) {
    startedAt.put(step.run(), System.nanoTime());
    say(Terminal.styled("bold", name(step) + " is starting"));
  }

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {
    String text = new String(Printable.bytes(Masking.line(line)), StandardCharsets.UTF_8);
    if (json) {
      lines
          .computeIfAbsent(step.run(), _ -> Collections.synchronizedList(new ArrayList<>()))
          .add(text);
    } else {
      Terminal.print(out, text);
    }
  }

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {
    Long started = startedAt.get(step.run());
    Optional<Duration> took =
        Optional.ofNullable(started).map(at -> Duration.ofNanos(System.nanoTime() - at));
    String how = Printable.text(words(outcome));
    String style = outcome instanceof Outcome.Completed ? "green" : "yellow";
    say(
        Terminal.styled(
            style, name(step) + " " + how + took.map(t -> " in " + Amounts.format(t)).orElse("")));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", step.entry().name().toString());
    fields.put("path", step.entry().origin());
    fields.put("outcome", how);
    took.ifPresent(t -> fields.put("milliseconds", t.toMillis()));
    // A copy: what the step left in the background may still write.
    fields.put("output", List.copyOf(lines.getOrDefault(step.run(), List.of())));
    steps.add(fields);
    exitCode(outcome).ifPresent(code -> exitCode = OptionalInt.of(code));
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    whole.put("status", outcome.status());
    whole.put("code", outcome.code());
    whole.put("steps", steps);
    boolean stopped = outcome.stopped();
    exitCode = stopped ? OptionalInt.empty() : OptionalInt.of(exitCode.orElse(0));
    say(
        Terminal.styled(
            outcome.failed() ? "red,bold" : "green,bold",
            event.channel()
                + " "
                + outcome.status()
                + " ("
                + outcome.code()
                + ") at step "
                + Printable.text(last.name().toString())));
  }

  @Override
  public void environmentMissing(Event event, String why) {
    say("No variables from ./environment: " + why);
  }

  @Override
  public void policyUnused(String why) {
    say(Terminal.styled("yellow", Printable.text(why)));
  }

  @Override
  public void filtered(Event event, String why) {
    notRun("filtered", "It is not to run by handler.json: " + why);
  }

  @Override
  public void invalid(Event event, String why, boolean runs) {
    String objection = "The payload breaks validate-input.json: " + why;
    if (runs) {
      say(Terminal.styled("yellow", objection));
    } else {
      notRun("invalid", objection);
    }
  }

  private void notRun(String status, String why) {
    whole.put("status", status);
    whole.put("why", why);
    whole.put("steps", steps);
    say(Terminal.styled("yellow", why));
    exitCode = OptionalInt.of(CommandFailure.FAILED);
  }

  @Override
  public void retrying(StepWatch step, Duration delay) {
    say(name(step) + " starts again in " + Amounts.format(delay));
  }

  @Override
  public void rejected(Event event) {
    throw new IllegalStateException("one event cannot find the queue full");
  }

  /** Prints what is left to print; returns the exit code, empty if the run was interrupted. */
  Optional<Integer> finish() {
    if (!whole.containsKey("status")) {
      say("The steps vanished before they could run");
      exitCode = OptionalInt.of(CommandFailure.FAILED);
    }
    if (json) {
      Terminal.print(out, Json.write(whole));
    }
    return exitCode.isPresent() ? Optional.of(exitCode.getAsInt()) : Optional.empty();
  }

  private void say(String text) {
    if (!json) {
      Terminal.print(err, text);
    }
  }

  private static String name(StepWatch step) {
    return Printable.text(step.entry().name().toString());
  }

  private static String words(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> "completed";
      case Outcome.Failed failed -> "failed with exit status " + failed.code();
      case Outcome.Killed killed -> "was killed by signal " + killed.signal();
      case Outcome.TimedOut timedOut ->
          "was ended: it ran longer than " + Amounts.format(timedOut.limit());
      case Outcome.Stopped _ -> "was interrupted";
      case Outcome.Skipped skipped -> "was skipped: " + skipped.why();
    };
  }

  private static OptionalInt exitCode(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> OptionalInt.of(failed.code());
      case Outcome.Killed killed -> OptionalInt.of(SIGNAL + killed.signal());
      case Outcome.TimedOut _ -> OptionalInt.of(TIMED_OUT);
      case Outcome.Completed _, Outcome.Skipped _, Outcome.Stopped _ -> OptionalInt.empty();
    };
  }
}
