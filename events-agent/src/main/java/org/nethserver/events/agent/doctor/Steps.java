package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nethserver.events.agent.catalog.Catalog;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.policy.Policies;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.run.StepResolver.Resolved;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepSource;

/** Loads plugins and looks steps up as the agent would, and says what it would not run. */
final class Steps implements Examination {
  private final AgentPlan agent;

  Steps(AgentPlan agent) {
    this.agent = agent;
  }

  @Override
  public List<Finding> findings() {
    Heard heard = new Heard();
    List<Finding> findings = new ArrayList<>();
    try (AgentSteps opened = new AgentSteps(agent, new Counters(), heard);
        StepResolver steps = opened.resolver()) {
      plugins(opened.report(), findings);
      steps(steps, findings);
    }
    findings.addAll(heard.findings);
    return findings;
  }

  private static void plugins(PluginReport report, List<Finding> findings) {
    report
        .plugins()
        .forEach(plugin -> findings.add(ok("plugin", Printable.text(plugin.toString()))));
    report.problems().forEach(problem -> findings.add(plugin(problem)));
  }

  private static Finding plugin(PluginProblem problem) {
    return problem(
        "plugin",
        Printable.text(
            (problem.plugin().isEmpty() ? "plugins" : "plugin \"" + problem.plugin() + "\"")
                + " in \""
                + problem.file()
                + "\": "
                + problem.why()),
        Printable.text(problem.cure()));
  }

  private void steps(StepResolver resolver, List<Finding> findings) {
    SortedSet<EventName> names = new TreeSet<>();
    resolver.sources().forEach(source -> names.addAll(source.events()));
    Catalog catalog = Catalog.wellKnown();
    int events = 0;
    int steps = 0;
    for (EventName name : names) {
      slip(name.text(), catalog).ifPresent(findings::add);
      int before = steps;
      for (Resolved resolved : resolver.explain(name)) {
        if (resolved.replacedBy().isEmpty()) {
          switch (resolved.entry().disposition()) {
            case Disposition.Runs _ -> steps++;
            case Disposition.Refused(String why) -> findings.add(refused(name, resolved, why));
            case Disposition.Masks _, Disposition.PassedOver _ -> {}
            case Disposition.Document _ ->
                Policies.fault(resolved.entry())
                    .ifPresent(why -> findings.add(policy(resolved, why)));
          }
        }
      }
      events += steps > before ? 1 : 0;
    }
    findings.add(
        steps > 0
            ? ok("steps", "%d steps of %d events run".formatted(steps, events))
            : warning(
                "steps",
                "no event has a step that runs",
                "put an executable file into EVENTSDIR/<event>/; see events handlers --help"));
  }

  /** A module may have events of its own: only what looks like a slip is told. */
  private static Optional<Finding> slip(String name, Catalog catalog) {
    if (catalog.names().contains(name)) {
      return Optional.empty();
    }
    return catalog.nearest(name).stream()
        .findFirst()
        .filter(nearest -> NearestNames.isSlip(name, nearest))
        .map(
            nearest ->
                warning(
                    "event-name",
                    "the catalogue does not know the event \"" + name + "\", which has steps",
                    "did you mean \"" + nearest + "\"? Then rename the directory"));
  }

  private static Finding policy(Resolved resolved, String why) {
    return problem(
        "policy",
        Printable.text(resolved.entry().origin() + " is not used: " + why),
        "mend the file: docs/policies.md");
  }

  private static Finding refused(EventName event, Resolved resolved, String why) {
    Finding told =
        Finding.told("step", Severity.PROBLEM, Printable.text(why), "see events handlers " + event);
    return problem(
        "step",
        "%s: %s does not run: %s"
            .formatted(event.text(), Printable.text(resolved.entry().origin()), told.what()),
        told.cure());
  }

  /** What goes wrong meanwhile, told on any thread. */
  private static final class Heard implements AgentSteps.Listener {
    final ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();

    @Override
    public void sourceFailed(StepSource source, Throwable failure) {
      findings.add(
          Finding.problem(
              "source",
              Printable.text(source.origin() + " cannot be read: " + failure),
              "make it readable for the agent's user"));
    }

    @Override
    public void said(Priority priority, String line) {
      if (priority.compareTo(Priority.WARNING) <= 0) {
        findings.add(
            warning("worker", Printable.text(line), "see events plugins with the same flags"));
      }
    }

    @Override
    public void problem(PluginProblem problem) {
      findings.add(plugin(problem));
    }

    @Override
    public void stuck(String why) {
      findings.add(Finding.told("plugin", Severity.PROBLEM, Printable.text(why), "restart it"));
    }

    @Override
    public void failed(Throwable failure) {
      findings.add(Contained.failure("plugins", failure));
    }
  }
}
