package org.nethserver.events.agent.host;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.history.Histories;
import org.nethserver.events.agent.journal.Journals;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.metrics.Readings;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Commons;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Intake;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.run.Router;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.Subscription;
import org.nethserver.events.agent.run.UniqueIds;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/**
 * The agents of this process behind one transport.
 *
 * <p>Life cycle: NEW → STARTING → RUNNING → DRAINING → STOPPED, forward only; DRAINING can be left
 * out. The transport starts last and ends first.
 *
 * <p>Threads: made and started by one thread; {@link #drain}, {@link #stop} from any.
 */
public final class Host {
  /** Whom a host tells; all but {@link #said} on the dispatch thread. */
  public interface Listener extends Router.Refusals, Subscription.Listener {
    /**
     * A source of steps, or a task of ours, threw.
     *
     * @param what what failed
     * @param failure what it threw
     */
    void failed(String what, Throwable failure);

    /**
     * An agent is hosted from now on, or has other settings.
     *
     * @param agent its id
     * @param plugins what it has loaded, and what not
     */
    void hosted(String agent, PluginReport plugins);

    /**
     * An agent cannot be hosted, or not by its new settings: then it goes on by those before.
     *
     * @param agent its id
     * @param why the reason
     */
    void notHosted(String agent, String why);

    /**
     * Something is wrong with a plugin.
     *
     * @param agent the id of the agent
     * @param problem which, what, and what to do
     */
    void plugin(String agent, String problem);

    /**
     * A worker wrote a line, or tells what concerns no call; or the history of runs cannot be kept.
     * Not on the dispatch thread, but on one of the worker's or the history's, which may wait.
     *
     * @param agent the id of the agent
     * @param line anything: the worker's user has written it
     */
    void said(String agent, Priority priority, String line);

    /**
     * The journal has something to tell.
     *
     * @param agent the id of the agent that it is about; null if it is about all
     */
    default void journal(@Nullable String agent, Priority priority, String line) {}

    /**
     * An agent's plugins have been reloaded, of which {@link #plugin} told what went wrong.
     *
     * @param agent its id
     * @param changes the plugins that were loaded, replaced, or let go
     */
    void reloaded(String agent, List<String> changes);

    /** All runs have ended after {@link Host#drain} or {@link Host#stop}. */
    void stopped();
  }

  /**
   * What a host is made of.
   *
   * @param agents the agents to host from the start
   * @param transport where events come from
   * @param places how many steps all agents together run at once
   * @param queue how much may wait for all agents together
   * @param journal how agents make good what they missed, if they do
   * @param history how the history of runs is kept, if it is
   */
  public record Plan(
      List<AgentPlan> agents,
      TransportSettings transport,
      int places,
      Limits.Queue queue,
      Optional<JournalPlan> journal,
      Optional<HistoryPlan> history) {
    /** Copies the list. */
    public Plan {
      agents = List.copyOf(agents);
    }

    /** Makes a plan without a history. */
    public Plan(
        List<AgentPlan> agents,
        TransportSettings transport,
        int places,
        Limits.Queue queue,
        Optional<JournalPlan> journal) {
      this(agents, transport, places, queue, journal, Optional.empty());
    }

    /** Returns the same with a history of runs, if there is to be one. */
    Plan with(Optional<HistoryPlan> kept) {
      return new Plan(agents, transport, places, queue, journal, kept);
    }

    /** Returns a plan for one agent, which has all that there is but a journal. */
    public static Plan of(AgentPlan agent, TransportSettings transport) {
      return of(agent, transport, Optional.empty());
    }

    /** Returns a plan for one agent, which has all that there is. */
    public static Plan of(
        AgentPlan agent, TransportSettings transport, Optional<JournalPlan> journal) {
      Limits limits = agent.limits();
      return new Plan(List.of(agent), transport, limits.maxConcurrency(), limits.queue(), journal);
    }
  }

  private enum State {
    NEW,
    RUNNING,
    DRAINING,
    STOPPED
  }

  private final Listener listener;
  private final Counters counters;
  private final Dispatcher dispatcher;
  private final Tenants tenants;
  private final Optional<Journals> journals;
  private final Optional<Histories> histories;
  private final Changeover changeover;
  private final RollCall rollCall;
  private final Transport transport;
  private final Subscription subscription;
  private final Intake intake;
  private final int places;

  /** A signal can end the transport before it is told to subscribe; then it must not be. */
  private final Object transportLock = new Object();

  private volatile boolean transportClosed;

  /** Changed on the dispatch thread alone once it runs. */
  private State state = State.NEW;

  /**
   * Assembles a host; nothing runs yet.
   *
   * @param logs makes who hears of an agent's runs
   * @throws IllegalArgumentException if the plan cannot work; the message says why
   */
  public Host(
      Plan plan, Function<AgentPlan, RunListener> logs, Listener listener, Counters counters) {
    this.listener = listener;
    this.counters = counters;
    this.dispatcher =
        new Dispatcher(
            failure -> listener.failed("the dispatch thread", failure), new IdleCollection());
    UniqueIds events = new UniqueIds();
    UniqueIds stepRuns = new UniqueIds();
    Router router = new Router(List.of(), counters, Clock.systemUTC(), events, listener);
    this.journals =
        plan.journal()
            .map(
                journal ->
                    new Journals(
                        this::journal,
                        journal.key(),
                        dispatcher,
                        router,
                        listener,
                        counters,
                        events,
                        stepRuns.prefix(),
                        listener::journal));
    this.histories =
        plan.history()
            .map(
                _ ->
                    new Histories((agent, priority, line) -> listener.said(agent, priority, line)));
    this.tenants =
        new Tenants(
            dispatcher,
            new Commons(plan.places(), plan.queue()),
            router,
            journals,
            histories,
            stepRuns,
            logs,
            this::stopIfDrained,
            failure ->
                dispatcher.execute(() -> listener.failed("the closing of an agent", failure)));
    List<StepProvider> providers = AgentSteps.installed();
    Function<AgentPlan, AgentSteps> opening =
        agent -> {
          plan.journal().ifPresent(journal -> openState(journal, agent));
          plan.history().ifPresent(history -> openHistory(history, agent));
          return new AgentSteps(
              providers, agent, counters, new StepsReports(agent.id(), dispatcher, listener));
        };
    this.changeover = new Changeover(dispatcher, tenants, opening, listener);
    this.rollCall = new RollCall(dispatcher, tenants, listener);
    try {
      plan.agents().forEach(agent -> tenants.adopt(agent, opening.apply(agent)));
      this.transport = Transports.open(plan.transport(), this::transportOfPlugin);
    } catch (RuntimeException | Error e) {
      tenants.close();
      throw e;
    }
    this.places = plan.places();
    this.subscription = new Subscription(listener, counters, System::nanoTime);
    this.intake =
        new Intake(
            dispatcher,
            journals.map(Journals::destination).orElse(router),
            subscription,
            Limits.DEFAULT.queue(),
            counters);
  }

  private void openState(JournalPlan journal, AgentPlan agent) {
    if (!agent.journal()) {
      return;
    }
    try {
      journals
          .orElseThrow()
          .open(new Journals.Plan(agent.id(), journal.states().of(agent.id()), journal.catchUp()));
    } catch (IOException e) {
      throw new IllegalArgumentException("--journal: " + e.getMessage(), e);
    }
  }

  private void openHistory(HistoryPlan history, AgentPlan agent) {
    if (!agent.history()) {
      return;
    }
    StateDirectories states = history.states();
    if (history.demanded()) {
      try {
        states.of(agent.id());
      } catch (IOException e) {
        throw new IllegalArgumentException("--history: " + e.getMessage(), e);
      }
    }
    // Else with the first run: an agent that runs nothing pays nothing.
    histories.orElseThrow().open(agent.id(), states.path(agent.id()), () -> states.of(agent.id()));
  }

  private Journal journal() {
    return transport
        .capability(Journal.class)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--journal: there is none at " + transport.address() + "; leave it out"));
  }

  private Optional<Transport> transportOfPlugin(TransportSettings settings, Set<String> known) {
    return tenants.steps().values().stream()
        .flatMap(steps -> steps.transport(settings, known).stream())
        .findFirst();
  }

  /** Returns where events come from, without secrets. */
  public String address() {
    return transport.address();
  }

  /** Returns what happened so far. */
  public Counters counters() {
    return counters;
  }

  /** Returns the agents. */
  public List<HostedAgent> agents() {
    return tenants.agents();
  }

  /**
   * Hosts these agents and no others, which the host was not planned with. Agents that are no
   * different notice nothing; what runs of the others ends by the settings that it began with.
   * Blocks for as long as steps are opened, but for plugins no more than 5 s. Any thread but the
   * dispatch thread, also before the start.
   *
   * @return what is different now, for people
   */
  public List<String> host(List<AgentPlan> agents) {
    return changeover.to(agents);
  }

  /** Starts the threads, the transport last. */
  public void start() {
    // Before the thread starts: a signal may have left its task already.
    state = State.RUNNING;
    dispatcher.start();
    synchronized (transportLock) {
      if (!transportClosed) {
        if (journals.isPresent()) {
          journal().follow(List.of(Channel.PATTERN), intake);
        } else {
          transport.subscribe(List.of(Channel.PATTERN), intake);
        }
      }
    }
  }

  /** Names the handlers in Java that are being called. Any thread. */
  List<String> running() {
    return tenants.running();
  }

  /** Says by agents which plugins are loaded, and which are not. Before the start. */
  public Map<String, PluginReport> plugins() {
    Map<String, PluginReport> reports = new LinkedHashMap<>();
    tenants.steps().forEach((agent, steps) -> reports.put(agent, steps.report()));
    return reports;
  }

  /**
   * Loads plugins that have changed. Events that come meanwhile are answered by what is there; from
   * one event to the next it is what was loaded. Then {@link Listener#reloaded} for each agent.
   */
  public void reload() {
    dispatcher.execute(() -> tenants.steps().forEach(this::reload));
  }

  private void reload(String agent, AgentSteps steps) {
    steps.reload(
        (changes, next) ->
            dispatcher.execute(
                () -> {
                  tenants.use(agent, steps, next);
                  steps
                      .report()
                      .problems()
                      .forEach(problem -> listener.plugin(agent, problem.toString()));
                  listener.reloaded(agent, changes);
                }));
  }

  /** Runs a task on the dispatch thread. */
  public void execute(Runnable task) {
    dispatcher.execute(task);
  }

  /** Runs a task later on the dispatch thread, which calls this. */
  public void after(Duration delay, Runnable task) {
    dispatcher.after(delay, task);
  }

  /**
   * Runs the reply once each thread that events and steps need has answered: the transport's, those
   * of the steps, and the dispatch thread.
   */
  public void answer(Runnable reply) {
    Runnable rest = rollCall.ofSteps(reply);
    // A closed transport has no thread left, and while it drains the agent is alive all the same.
    if (transportClosed) {
      rest.run();
    } else {
      transport.answer(rest);
    }
  }

  /** Returns how things stand, for the figures. On the dispatch thread. */
  Readings readings() {
    return new Readings(
        state == State.DRAINING || state == State.STOPPED,
        subscription.established(),
        Optional.ofNullable(subscription.trouble()),
        subscription.gaps(),
        places,
        tenants.agents().stream().map(Readings.Agent::of).toList(),
        journals.map(Journals::status));
  }

  /** Takes no more events; what runs and waits is finished, then {@link Listener#stopped}. */
  public void drain() {
    closeTransport();
    dispatcher.execute(
        () -> {
          journals.ifPresent(Journals::end);
          if (state == State.RUNNING) {
            state = State.DRAINING;
            tenants.agents().forEach(HostedAgent::finish);
            stopIfDrained();
          }
        });
  }

  /**
   * Takes no more events, ends the running steps and forgets what waits, then {@link
   * Listener#stopped}. A second call can only shorten the grace.
   *
   * @param grace how long running steps may take to end by themselves
   */
  public void stop(Duration grace) {
    dispatcher.execute(
        () -> {
          journals.ifPresent(Journals::end);
          if (state != State.STOPPED) {
            state = State.DRAINING;
            tenants.agents().forEach(agent -> agent.stop(grace));
            stopIfDrained();
          }
        });
    // The steps come first: their grace is short, and closing a connection may take a moment.
    closeTransport();
  }

  /** Kills the running steps: the last resort when {@link #stop} did not get through. */
  public void kill() {
    tenants.agents().forEach(HostedAgent::kill);
  }

  /** Frees what is left; all runs have ended. */
  public void close() {
    closeTransport();
    dispatcher.close();
    tenants.close();
    histories.ifPresent(Histories::close);
    journals.ifPresent(Journals::close);
  }

  private void closeTransport() {
    synchronized (transportLock) {
      if (transportClosed) {
        return;
      }
      transportClosed = true;
    }
    transport.close();
  }

  private void stopIfDrained() {
    if (state == State.DRAINING && tenants.agents().stream().allMatch(HostedAgent::idle)) {
      state = State.STOPPED;
      listener.stopped();
    }
  }
}
