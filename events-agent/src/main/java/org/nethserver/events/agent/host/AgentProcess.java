package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.log.LibraryLog;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.log.SystemLogs;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.settings.WrongSettingsException;
import org.nethserver.events.agent.systemd.Notifier;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.Variables;

/**
 * The daemon: a host that obeys signals, writes to the system log and tells systemd how it fares.
 *
 * <p>Threads: {@link #run} is the main thread's, which waits there; signals come on threads of the
 * JDK; the listener's methods on the dispatch thread. A thread that dies of a broken JVM takes the
 * process with it.
 */
public final class AgentProcess {
  private static final int MAX_SHOWN_CHANNEL = 300;

  /** Under which the lines of a host of many stand that are no agent's. */
  private static final String IDENTIFIER = "events-agent";

  /** The name of the connection that many agents share. */
  private static final String CLIENT_NAME = "events";

  /** How long, after their grace, killed steps may take to be gone. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final SystemLog log;
  private final Notifier notifier;
  private final Host host;

  /** Where the agents are written down, if there can be many. */
  private final Optional<Fleet> fleet;

  private final Duration stopGrace;

  /** Completed with true once all runs have ended, with false if we wait for them no longer. */
  private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();

  /** Whether this process ends as it should: by a signal, or with an error of the start. */
  private volatile boolean ending;

  /** The first signal that ends processes, if one came. */
  private final AtomicReference<@Nullable ProcessSignal> deadly = new AtomicReference<>();

  /**
   * Whether systemd was told that the agent does its work: the end of a reload would tell it too.
   * Lives on the dispatch thread.
   */
  private boolean ready;

  private AgentProcess(AgentOptions options, SystemLog log, Notifier notifier)
      throws WrongSettingsException {
    this.log = log;
    this.notifier = notifier;
    this.stopGrace = options.stopGrace();
    Variables variables = ProcessEnvironment.variables();
    Counters counters = new Counters();
    Optional<Path> files = options.config();
    if (files.isPresent()) {
      Fleet named =
          new Fleet(
              files.get(),
              options,
              variables.without(Notifier.VARIABLES),
              (agent, why) -> log.agent(Priority.ERROR, fields(agent), why));
      List<AgentPlan> agents = named.read();
      // Any agent may log in: see the contract on names and passwords.
      String first = agents.isEmpty() ? CLIENT_NAME : agents.getFirst().id();
      this.fleet = Optional.of(named);
      this.host =
          new Host(
              new Host.Plan(
                  List.of(),
                  options.transport(variables, CLIENT_NAME, first),
                  options.hostPlaces(),
                  options.queue()),
              agent ->
                  new RunLog(
                      agent.id(), Optional.of(SystemLogs.identifier(agent.id())), log, counters),
              new Reports(),
              counters);
      host.host(agents);
      log.agent(Priority.INFO, "Hosting " + agents.size() + " agents of " + named.files());
    } else {
      AgentPlan agent =
          new AgentPlan(
              options.agent(variables),
              options.places(variables),
              options.limits(variables),
              Path.of("").toAbsolutePath(),
              variables.without(Notifier.VARIABLES));
      this.fleet = Optional.empty();
      this.host =
          new Host(
              Host.Plan.of(agent, options.transport(variables)),
              _ -> new RunLog(agent.id(), log, counters),
              new Reports(),
              counters);
    }
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
    String identifier =
        options.config().isPresent() ? IDENTIFIER : SystemLogs.identifier(options.id());
    try (SystemLog log = SystemLogs.open(System.getenv(), identifier);
        Notifier notifier = Notifier.open(System.getenv())) {
      LibraryLog.install(log, System.getenv());
      AgentProcess process = new AgentProcess(options, log, notifier);
      try {
        return process.run(options.namesActions());
      } finally {
        process.ending = true;
      }
    }
  }

  private int run(boolean namesActions) {
    Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
    ProcessSignal.USR1.onReceipt(this::drain);
    ProcessSignal.TERM.onReceipt(() -> stop(ProcessSignal.TERM));
    ProcessSignal.INT.onReceipt(() -> stop(ProcessSignal.INT));
    ProcessSignal.HUP.onReceipt(() -> host.execute(this::reload));
    Runtime.getRuntime().addShutdownHook(new Thread(this::exited, "exit"));
    if (namesActions) {
      log.agent(
          Priority.INFO,
          "--actionsdir is not used: tasks are another daemon's work, events are mine");
    }
    host.plugins().forEach(plugins -> tell(Map.of(), plugins));
    notifier.status("Connecting to " + host.address());
    host.start();
    Notifier.watchdogTimeout(System.getenv())
        .ifPresent(timeout -> host.execute(() -> watch(timeout.dividedBy(3))));
    if (stopped.join()) {
      host.close();
      log.agent(Priority.INFO, "Stopped: " + host.counters().summary());
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

  private void tell(Map<String, String> fields, PluginReport plugins) {
    plugins
        .plugins()
        .forEach(plugin -> log.agent(Priority.INFO, fields, "Loaded plugin " + plugin));
    plugins.problems().forEach(problem -> log.agent(Priority.ERROR, fields, problem.toString()));
  }

  /** Returns what says whose line it is, where there can be many agents. */
  private static Map<String, String> fields(String agent) {
    return Map.of("AGENT_ID", agent, SystemLog.IDENTIFIER, SystemLogs.identifier(agent));
  }

  private Map<String, String> fieldsIfMany(String agent) {
    return fleet.isPresent() ? fields(agent) : Map.of();
  }

  /**
   * A JVM that is out of memory or broken has lost the thread, and without it the agent would look
   * alive and run nothing: who started this process starts another. All else is a fault of one
   * task, of which a transport tells in this way too.
   */
  private void uncaught(Thread thread, Throwable failure) {
    boolean fatal =
        failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    if (!fatal) {
      log.agent(
          Priority.ERROR, "A fault in the thread \"" + thread.getName() + "\": " + told(failure));
      return;
    }
    try {
      host.kill();
    } finally {
      try {
        log.agent(
            Priority.CRITICAL,
            "The thread \""
                + thread.getName()
                + "\" died, and the agent with it: "
                + told(failure));
      } finally {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /**
   * No code but a plugin's ends the JVM while the agent runs, and nothing can keep it from that.
   */
  private void exited() {
    if (!ending) {
      List<String> running = host.running();
      log.agent(
          Priority.CRITICAL,
          "A plugin has called System.exit, and the agent ends at once. Handlers that ran: "
              + (running.isEmpty() ? "none" : String.join(", ", running))
              + ". Let it return HandlerResult.failure instead");
    }
  }

  /** What was thrown, and where: a fault of ours should be found by one line. */
  private static String told(Throwable failure) {
    String text = ForeignFailure.text(failure);
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? text : text + " at " + trace[0];
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
    if (ready) {
      notifier.reloading();
    }
    host.reload();
    fleet.ifPresent(
        named -> {
          Thread thread = new Thread(() -> host(named), "reload");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** Hosts the agents as they are written down now; if anything is wrong there, those before. */
  private void host(Fleet named) {
    try {
      List<String> changes = host.host(named.read());
      log.agent(
          Priority.INFO,
          "Signal SIGHUP caught: "
              + (changes.isEmpty() ? "no agent has changed" : String.join(", ", changes)));
    } catch (WrongSettingsException e) {
      e.problems().forEach(problem -> log.agent(Priority.ERROR, problem.toString()));
      log.agent(Priority.ERROR, "Signal SIGHUP caught: the agents stay as they were");
    } finally {
      host.execute(this::tellReloaded);
    }
  }

  private void tellReloaded() {
    if (ready) {
      notifier.ready("Reloaded; " + host.counters().summary());
    }
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
    log.agent(
        Priority.WARNING,
        "Signal " + signal + " caught: shutdown started. " + doing + " what is there: " + activity);
    return doing + ": " + activity;
  }

  /** Writes what the host tells. */
  private final class Reports implements Host.Listener {
    @Override
    public void ready() {
      ready = true;
      log.agent(Priority.INFO, "Subscribed to " + host.address());
      notifier.ready("Subscribed to " + host.address());
    }

    @Override
    public void restored(Duration gap) {
      log.agent(
          Priority.WARNING,
          "Subscribed to "
              + host.address()
              + " again after "
              + Amounts.format(gap)
              + ": events may have been missed (gap "
              + host.counters().gaps
              + " since the start)");
      notifier.status("Subscribed to " + host.address() + "; " + host.counters().summary());
    }

    @Override
    public void unavailable(String why) {
      log.agent(
          Priority.ERROR,
          "Not subscribed to " + host.address() + ": " + why + ". Trying again until it works");
      notifier.status("Not subscribed to " + host.address() + ": " + why);
    }

    @Override
    public void refused(byte[] channel, String why) {
      log.agent(Priority.WARNING, "Event on channel \"" + shown(channel) + "\" refused: " + why);
    }

    @Override
    public void dropped(byte[] channel) {
      log.agent(Priority.ERROR, "Agent is busy. Event " + shown(channel) + " rejected!");
    }

    @Override
    public void failed(String what, Throwable failure) {
      log.agent(Priority.ERROR, "A fault in " + what + ", which goes on: " + told(failure));
    }

    @Override
    public void hosted(String agent, PluginReport plugins) {
      tell(fields(agent), plugins);
    }

    @Override
    public void notHosted(String agent, String why) {
      log.agent(Priority.ERROR, fields(agent), "Agent " + agent + " is not hosted so: " + why);
    }

    @Override
    public void plugin(String agent, String problem) {
      log.agent(Priority.ERROR, fieldsIfMany(agent), problem);
    }

    @Override
    public void reloaded(String agent, List<String> changes) {
      if (fleet.isPresent()) {
        changes.forEach(change -> log.agent(Priority.INFO, fields(agent), "Plugin " + change));
        return; // the process tells of the reload when it knows its agents
      }
      log.agent(
          Priority.INFO,
          "Signal SIGHUP caught: "
              + (changes.isEmpty()
                  ? "no plugin to load; scripts are looked up at every event"
                  : "plugin " + String.join(", plugin ", changes)));
      tellReloaded();
    }

    @Override
    public void stopped() {
      stopped.complete(true);
    }

    /** The log escapes control characters; here only the length is bounded. */
    private static String shown(byte[] channel) {
      String text = new String(channel, StandardCharsets.UTF_8);
      return text.length() <= MAX_SHOWN_CHANNEL ? text : text.substring(0, MAX_SHOWN_CHANNEL) + "…";
    }
  }
}
