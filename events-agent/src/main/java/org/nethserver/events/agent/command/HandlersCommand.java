package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.policy.Policies;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.run.StepResolver.Resolved;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events handlers}: shows which steps an event would run, and why not. */
@Command(
    name = "handlers",
    description =
        "Shows the steps of events as the agent would resolve them now: which run, from which"
            + " directory, what overrides or masks another, what is skipped or refused and why."
            + " Runs nothing.",
    footer = {
      "",
      "Example: why does my step not run?",
      "  events handlers --eventsdir=/var/lib/nethserver/traefik1/events certificate-changed",
      "",
      "Run it as the agent's user: the rules of trust depend on who runs the steps.",
      "Exit codes: 0 shown; 1 the event has no steps; 2 wrong usage."
    })
final class HandlersCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "EVENT",
      arity = "0..1",
      description =
          "The event's name. Default: all that have a directory or are named by a plugin.")
  @Nullable String event;

  @Option(names = "--json", description = "Print JSON: an array of events with their steps.")
  boolean json;

  @Mixin StepFlags flags = new StepFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Variables variables = ProcessEnvironment.variables();
    PrintWriter out = Terminal.out(spec);
    List<Map<String, Object>> events = new ArrayList<>();
    boolean found = false;
    Complaints complaints = new Complaints(Terminal.err(spec));
    try (AgentSteps opened = flags.steps(variables, complaints);
        StepResolver steps = opened.resolver()) {
      opened.report().problems().forEach(complaints::problem);
      for (EventName name : names(steps)) {
        List<Resolved> entries = steps.explain(name);
        found |= !entries.isEmpty();
        if (json) {
          events.add(toJson(name, entries));
        } else if (!entries.isEmpty()) {
          print(out, name, entries);
        }
      }
    }
    if (json) {
      Terminal.print(out, Json.write(events));
    }
    if (!found && !json) {
      Terminal.print(
          Terminal.err(spec),
          "No steps"
              + (event == null ? "" : " for \"" + event + "\"")
              + " in "
              + flags.directories(variables));
    }
    return found || event == null ? 0 : CommandFailure.FAILED;
  }

  private SortedSet<EventName> names(StepResolver steps) {
    SortedSet<EventName> names = new TreeSet<>();
    if (event != null) {
      names.add(Arguments.eventName(event));
    } else {
      steps.sources().forEach(source -> names.addAll(source.events()));
    }
    return names;
  }

  /** Shows one event's entries, as {@code events test --dry-run} does too. */
  static void show(PrintWriter out, EventName name, List<Resolved> entries, boolean json) {
    if (json) {
      Terminal.print(out, Json.write(toJson(name, entries)));
    } else if (!entries.isEmpty()) {
      print(out, name, entries);
    }
  }

  private static void print(PrintWriter out, EventName name, List<Resolved> entries) {
    Terminal.print(out, Terminal.styled("bold", name.text()));
    for (Resolved resolved : entries) {
      Verdict verdict = Verdict.of(resolved);
      String step = Printable.text(resolved.entry().name().toString());
      String line =
          "  %-9s %-28s %s%s"
              .formatted(
                  verdict.word(),
                  step,
                  Printable.text(resolved.source()),
                  verdict.why().isEmpty() ? "" : "  (" + Printable.text(verdict.why()) + ")");
      Terminal.print(out, Terminal.styled(verdict.style(), line));
    }
  }

  private static Map<String, Object> toJson(EventName name, List<Resolved> entries) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Resolved resolved : entries) {
      Verdict verdict = Verdict.of(resolved);
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("step", resolved.entry().name().toString());
      step.put("state", verdict.word());
      step.put("path", resolved.entry().origin());
      step.put("source", resolved.source());
      if (!verdict.why().isEmpty()) {
        step.put("why", verdict.why());
      }
      steps.add(step);
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("event", name.text());
    shown.put("steps", steps);
    return shown;
  }

  /** What becomes of an entry, in a word, and why. */
  private record Verdict(String word, String why, String style) {
    static Verdict of(Resolved resolved) {
      if (!resolved.replacedBy().isEmpty()) {
        return new Verdict("replaced", "by " + resolved.replacedBy(), "faint");
      }
      return switch (resolved.entry().disposition()) {
        case Disposition.Runs _ -> new Verdict("runs", "", "green");
        case Disposition.Masks _ ->
            new Verdict("masks", "a link to /dev/null: no step of this name runs", "faint");
        case Disposition.Refused refused -> new Verdict("skipped", refused.why(), "yellow");
        case Disposition.Document _ ->
            Policies.fault(resolved.entry())
                .map(why -> new Verdict("unused", why, "yellow"))
                .orElse(new Verdict("policy", "", "green"));
        case Disposition.PassedOver passedOver -> new Verdict("ignored", passedOver.why(), "faint");
      };
    }
  }
}
