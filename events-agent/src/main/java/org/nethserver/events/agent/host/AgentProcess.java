package org.nethserver.events.agent.host;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.log.LibraryLog;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.log.SystemLogs;
import org.nethserver.events.agent.metrics.Metrics;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunListeners;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.systemd.Notifier;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.Variables;

/**
 * The daemon: a host that obeys signals, writes to the system log and tells systemd how it fares.
 *
 * <p>Threads: {@link #run} is the main thread's, which waits there; signals come on threads of the
 * JDK. A thread that dies of a broken JVM takes the process with it.
 */
public final class AgentProcess {
  /** Under which the lines of a host of many stand that are no agent's. */
  private static final String IDENTIFIER = "events-agent";

  /** How long, after their grace, killed steps may take to be gone. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final AgentLogs log;
  private final Notifier notifier;
  private final HostReports reports;
  private final Host host;
  private final LastWords lastWords;

  /**
   * What gives figures, if that is wanted. Else not one class of it is loaded, as a lambda that
   * names one would have it.
   */
  private final @Nullable Metrics metrics;

  /** What keeps the host to the agents that there are, if it is not one alone. */
  private final Optional<FleetWatch> fleet;

  private final Duration stopGrace;

  /** Completed with true once all runs have ended, with false if we wait for them no longer. */
  private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();

  /** The first signal that ends processes, if one came. */
  private final AtomicReference<@Nullable ProcessSignal> deadly = new AtomicReference<>();

  private AgentProcess(AgentOptions options, SystemLog systemLog, Notifier notifier)
      throws WrongSettingsException {
    boolean many = options.hostsMany();
    Variables variables = ProcessEnvironment.variables();
    Variables inherited = variables.without(Notifier.VARIABLES);
    Counters counters = new Counters();
    this.log = new AgentLogs(systemLog, many);
    this.notifier = notifier;
    this.stopGrace = options.stopGrace();
    this.metrics = metrics(options, many, counters, log);
    this.reports =
        new HostReports(
            log,
            notifier,
            counters,
            many,
            options.journal(),
            this::address,
            () -> stopped.complete(true));
    if (many) {
      Fleet agents = new Fleet(options, inherited, new FleetReports(log));
      List<AgentPlan> first = agents.read();
      this.host =
          new Host(
              emptyPlan(options, variables, first).with(HistoryPlan.of(options, variables)),
              agent -> runs(agent, counters),
              reports,
              counters);
      FleetWatch watch =
          new FleetWatch(
              agents, host, options.stateDirectory(variables).map(StateDirectories::new), log);
      watch.begin(first);
      this.fleet = Optional.of(watch);
    } else {
      this.host =
          new Host(
              Host.Plan.of(
                      Hosting.agent(options, variables, inherited),
                      options.transport(variables),
                      JournalPlan.of(options, variables))
                  .with(HistoryPlan.of(options, variables)),
              agent -> runs(agent, counters),
              reports,
              counters);
      this.fleet = Optional.empty();
    }
    this.lastWords = new LastWords(log, host);
  }

  private static @Nullable Metrics metrics(
      AgentOptions options, boolean many, Counters counters, AgentLogs log) {
    return options.metrics().isEmpty()
        ? null
        : Metrics.open(
            options.metrics().get(),
            many ? IDENTIFIER : options.id(),
            counters,
            options.journal(),
            log::line);
  }

  private RunListener runs(AgentPlan agent, Counters counters) {
    RunListener written = log.runs(agent, counters);
    return metrics == null ? written : RunListeners.of(List.of(metrics.runs(agent.id()), written));
  }

  /** A plan for agents that are still to come. */
  private static Host.Plan emptyPlan(
      AgentOptions options, Variables variables, List<AgentPlan> first) {
    return new Host.Plan(
        List.of(),
        Hosting.transport(options, variables, first),
        options.hostPlaces(),
        options.queue(),
        JournalPlan.of(options, variables));
  }

  /**
   * Runs an agent until a signal ends it. Does not return where that signal is one that kills.
   *
   * @return the exit code
   * @throws IllegalArgumentException if the options cannot work; the message says what to do
   * @throws IOException if systemd waits on a socket that cannot be reached
   * @throws WrongSettingsException if the files that name the agents cannot be used
   */
  public static int run(AgentOptions options) throws IOException, WrongSettingsException {
    String identifier = options.hostsMany() ? IDENTIFIER : SystemLogs.identifier(options.id());
    try (SystemLog log = SystemLogs.open(System.getenv(), identifier);
        Notifier notifier = Notifier.open(System.getenv())) {
      LibraryLog.install(log, System.getenv());
      AgentProcess process = new AgentProcess(options, log, notifier);
      try {
        return process.run(options.namesActions());
      } finally {
        process.closeMetrics();
        process.lastWords.expectEnd();
      }
    }
  }

  private int run(boolean namesActions) throws IOException {
    lastWords.install();
    ProcessSignal.USR1.onReceipt(this::drain);
    ProcessSignal.TERM.onReceipt(() -> stop(ProcessSignal.TERM));
    ProcessSignal.INT.onReceipt(() -> stop(ProcessSignal.INT));
    ProcessSignal.HUP.onReceipt(() -> host.execute(this::reload));
    if (namesActions) {
      log.line(
          Priority.INFO,
          "--actionsdir is not used: tasks are another daemon's work, events are mine");
    }
    host.plugins().forEach(log::plugins);
    notifier.status("Connecting to " + address());
    host.start();
    if (metrics != null) {
      log.line(Priority.INFO, "Metrics at " + MeasuredHost.start(metrics, host));
    }
    Notifier.watchdogTimeout(System.getenv())
        .ifPresent(timeout -> host.execute(() -> watch(timeout.dividedBy(3))));
    fleet.ifPresent(FleetWatch::follow);
    if (stopped.join()) {
      // The host answers until here; and the place is left before a signal kills.
      closeMetrics();
      host.close();
      log.line(Priority.INFO, "Stopped: " + host.counters().summary());
    } else {
      // Perhaps it is the log that is stuck: not a word more.
      host.kill();
    }
    ProcessSignal signal = deadly.get();
    if (signal != null) {
      signal.die();
    }
    return 0;
  }

  private void closeMetrics() {
    if (metrics != null) {
      metrics.close();
    }
  }

  private String address() {
    return host.address();
  }

  /**
   * Feeds the watchdog only when all threads that events need have answered. A Redis that does not
   * answer is no reason to end running handlers.
   */
  private void watch(Duration interval) {
    host.answer(notifier::watchdog);
    host.after(interval, () -> watch(interval));
  }

  private void drain() {
    // Not "stopping": systemd would give the runs no more than its stop timeout.
    host.execute(() -> notifier.status(announce("SIGUSR1", "Finishing")));
    host.drain();
  }

  /** Scripts and variables are looked up afresh for every event: plugins are not. */
  private void reload() {
    reports.reloading();
    host.reload();
    fleet.ifPresent(agents -> agents.reload(() -> host.execute(reports::reloaded)));
  }

  private void stop(ProcessSignal signal) {
    boolean second = !deadly.compareAndSet(null, signal);
    Duration grace = second ? Duration.ZERO : stopGrace;
    host.stop(grace);
    if (!second) {
      // After the steps were told: the log may be what is stuck.
      host.execute(() -> notifier.stopping(announce("SIG" + signal, "Ending")));
    }
    // A step that cannot even be killed, or a log that takes no line, must not keep us.
    Duration patience = grace.plus(second ? Duration.ofSeconds(1) : STOP_PATIENCE);
    stopped.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String announce(String signal, String doing) {
    int running = host.agents().stream().mapToInt(HostedAgent::running).sum();
    int waiting = host.agents().stream().mapToInt(HostedAgent::waiting).sum();
    String activity = running + " running, " + waiting + " waiting";
    log.line(
        Priority.WARNING,
        "Signal " + signal + " caught: shutdown started. " + doing + " what is there: " + activity);
    return doing + ": " + activity;
  }

  /** Writes what the fleet does without. */
  private record FleetReports(AgentLogs log) implements Fleet.Listener {
    @Override
    public void missing(AgentPlan agent, String why) {
      log.line(agent, Priority.ERROR, why);
    }

    @Override
    public void notHosted(String why) {
      log.line(Priority.ERROR, why);
    }
  }
}
