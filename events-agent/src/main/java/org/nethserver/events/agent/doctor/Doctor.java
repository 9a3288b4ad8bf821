package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.warning;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.Fleet;
import org.nethserver.events.agent.host.Hosting;
import org.nethserver.events.agent.host.JournalPlan;
import org.nethserver.events.agent.host.Transports;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.posix.Accounts;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.Transport;

/**
 * Examines what a process with an agent's flags needs. Nothing is changed, but for a file that is
 * made in the directory of an agent's state and removed at once.
 */
public final class Doctor {
  /** Somebody sits and waits. */
  private static final Duration LIMIT = Duration.ofMillis(4300);

  private static final String SETTINGS = "settings";
  private static final String TRANSPORT = "transport";
  private static final String AGENT = "agent";
  private static final String SYSTEM = "system";

  private final AgentOptions options;
  private final Variables variables;
  private final Contained contained = new Contained(Instant.now().plus(LIMIT));
  private final List<Examined> settings = new ArrayList<>();
  private final List<Examined> transport = new ArrayList<>();
  private final List<Examined> agents = new ArrayList<>();
  private final List<Examined> system = new ArrayList<>();

  private Doctor(AgentOptions options, Variables variables) {
    this.options = options;
    this.variables = variables;
  }

  /**
   * Examines all; takes five seconds at most.
   *
   * @param options the agent's flags
   * @param variables the process's
   * @return what was found, from the cause to what it causes
   */
  public static List<Examined> examine(AgentOptions options, Variables variables) {
    Doctor doctor = new Doctor(options, variables);
    doctor.examine();
    List<Examined> all = new ArrayList<>(doctor.settings);
    all.addAll(doctor.transport);
    all.addAll(doctor.agents);
    all.addAll(doctor.system);
    return all;
  }

  private void examine() {
    Optional<Hosting> hosting = hosting();
    hosting.ifPresent(this::hosted);
    int places = hosting.map(Hosting::places).orElse(options.hostPlaces());
    system(hosting, places);
  }

  private Optional<Hosting> hosting() {
    Told told = new Told();
    try {
      Hosting hosting = Hosting.of(options, variables, told);
      settings.add(new Examined(SETTINGS, "", agents(hosting)));
      return Optional.of(hosting);
    } catch (WrongSettingsException e) {
      e.problems()
          .forEach(
              wrong ->
                  settings.add(
                      new Examined(
                          SETTINGS,
                          "",
                          Finding.told(
                              "config",
                              Severity.PROBLEM,
                              wrong.toString(),
                              "see docs/hosting.md"))));
    } catch (IllegalArgumentException e) {
      settings.add(new Examined(SETTINGS, "", Contained.failure("flags", e)));
    }
    return Optional.empty();
  }

  private Finding agents(Hosting hosting) {
    List<String> ids = hosting.agents().stream().map(AgentPlan::id).sorted().toList();
    return ids.isEmpty()
        ? warning(
            "agents", "there is no agent to host", "add one to --config, or see docs/hosting.md")
        : ok("agents", String.join(", ", ids));
  }

  /** The transport takes longest, and meanwhile all else is looked at. */
  private void hosted(Hosting hosting) {
    try (Transport opened = open(hosting)) {
      Contained.Begun asked =
          contained.begin(TRANSPORT, new TransportExamination(opened, hosting, contained.left()));
      Map<String, List<Finding>> found = new HashMap<>();
      for (AgentPlan agent : hosting.agents()) {
        found.put(agent.id(), agent(agent, hosting));
      }
      List<Finding> findings = contained.await(asked);
      findings.forEach(
          finding -> transport.add(new Examined(TRANSPORT, opened.address(), finding)));
      Optional<Journal> journal =
          opened.capability(Journal.class).filter(_ -> TransportExamination.isSound(findings));
      for (AgentPlan agent : hosting.agents()) {
        List<Finding> all = new ArrayList<>(found.getOrDefault(agent.id(), List.of()));
        lag(agent, hosting, journal).ifPresent(lag -> all.addAll(contained.run("lag", lag)));
        all.forEach(finding -> agents.add(new Examined(AGENT, agent.id(), finding)));
      }
    } catch (IllegalArgumentException e) {
      transport.add(new Examined(TRANSPORT, "", Contained.failure("address", e)));
    }
  }

  private Transport open(Hosting hosting) {
    return Transports.open(
        hosting.transport(),
        () -> {
          if (hosting.agents().isEmpty()) {
            throw new IllegalArgumentException(
                "no transport for " + hosting.transport().maskedAddress() + ", and no plugins");
          }
          return new AgentSteps(hosting.agents().getFirst(), new Counters(), new Untold());
        });
  }

  private List<Finding> agent(AgentPlan agent, Hosting hosting) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(contained.run("directories", new Directories(agent)));
    findings.addAll(contained.run("steps", new Steps(agent)));
    hosting
        .journal()
        .filter(_ -> agent.journal())
        .ifPresent(
            plan -> findings.addAll(contained.run("state", new State(plan.states(), agent.id()))));
    return findings;
  }

  private static Optional<Lag> lag(AgentPlan agent, Hosting hosting, Optional<Journal> journal) {
    Optional<JournalPlan> plan = hosting.journal().filter(_ -> agent.journal());
    return plan.isPresent() && journal.isPresent()
        ? Optional.of(new Lag(plan.get(), journal.get(), agent.id()))
        : Optional.empty();
  }

  private void system(Optional<Hosting> hosting, int places) {
    Path process = Path.of("/proc/self");
    if (!Unit.isSystemdRunning()) {
      add("unit", () -> List.of(note("unit", "systemd does not run here")));
    } else if (hosting.isPresent() && !hosting.get().agents().isEmpty()) {
      Unit unit =
          options.hostsMany()
              ? Unit.ofHost()
              : Unit.of(hosting.get().agents().getFirst().id(), Accounts.effectiveUser() == 0);
      Map<String, String> properties = new HashMap<>();
      add(
          "unit",
          () -> {
            properties.putAll(unit.properties());
            return List.of(unit.finding(properties));
          });
      process = process(properties);
    }
    Path examined = process;
    add("limits", () -> new ProcessLimits(examined, places).findings());
    add("memory", () -> new Memory(examined).findings());
    add("watches", () -> new Watches(watched(hosting)).findings());
    add("machine", () -> Machine.ofThisProcess().findings());
  }

  /** The limits of the agent itself, if it runs, and not of the shell that this is typed in. */
  private static Path process(Map<String, String> properties) {
    Path process = Path.of("/proc", properties.getOrDefault("MainPID", "0"));
    return Files.isReadable(process.resolve("limits")) ? process : Path.of("/proc/self");
  }

  private static Path watched(Optional<Hosting> hosting) {
    return hosting.stream()
        .flatMap(all -> all.agents().stream())
        .flatMap(agent -> agent.places().stream())
        .map(StepPlace::directory)
        .filter(Files::isReadable)
        .findFirst()
        .orElse(Path.of("/"));
  }

  private void add(String name, Examination examination) {
    contained
        .run(name, examination)
        .forEach(finding -> system.add(new Examined(SYSTEM, "", finding)));
  }

  /** What the files of agents lack. */
  private final class Told implements Fleet.Listener {
    @Override
    public void missing(AgentPlan agent, String why) {
      settings.add(
          new Examined(
              SETTINGS,
              agent.id(),
              Finding.told(
                  "variables",
                  Severity.WARNING,
                  Printable.text(why),
                  "make the file readable, or take it out of environment-files")));
    }

    @Override
    public void notHosted(String why) {
      settings.add(
          new Examined(
              SETTINGS,
              "",
              Finding.told(
                  "module", Severity.PROBLEM, Printable.text(why), "see docs/hosting.md")));
    }
  }

  /** Problems of plugins are told where steps are examined. */
  private static final class Untold implements AgentSteps.Listener {
    @Override
    public void sourceFailed(StepSource source, Throwable failure) {}

    @Override
    public void said(Priority priority, String line) {}

    @Override
    public void problem(PluginProblem problem) {}

    @Override
    public void stuck(String why) {}

    @Override
    public void failed(Throwable failure) {}
  }
}
