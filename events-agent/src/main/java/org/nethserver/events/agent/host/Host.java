package org.nethserver.events.agent.host;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.AgentEnvironment;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Intake;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.run.Router;
import org.nethserver.events.agent.run.RunContext;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.run.Subscription;
import org.nethserver.events.agent.run.UniqueIds;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepSource;
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
  /** Whom a host tells; all on the dispatch thread. */
  public interface Listener extends Router.Refusals, Intake.Overflow, Subscription.Listener {
    /**
     * A source of steps, or a task of ours, threw.
     *
     * @param what what failed
     * @param failure what it threw
     */
    void failed(String what, Throwable failure);

    /**
     * Something is wrong with a plugin.
     *
     * @param problem which, what, and what to do
     */
    void plugin(String problem);

    /**
     * A reload has ended, of which {@link #plugin} told what went wrong.
     *
     * @param changes the plugins that were loaded, replaced, or let go
     */
    void reloaded(List<String> changes);

    /** All runs have ended after {@link Host#drain} or {@link Host#stop}. */
    void stopped();
  }

  /**
   * What a host is made of.
   *
   * @param agent the agent to host
   * @param places where its steps are, the later winning
   * @param limits its bounds
   * @param transport where events come from
   * @param directory the agent's working directory
   * @param variables the agent's own variables
   */
  public record Plan(
      AgentSettings agent,
      List<StepPlace> places,
      Limits limits,
      TransportSettings transport,
      Path directory,
      Variables variables) {}

  private enum State {
    NEW,
    RUNNING,
    DRAINING,
    STOPPED
  }

  private final Listener listener;
  private final Counters counters;
  private final Dispatcher dispatcher;
  private final AgentSteps steps;
  private final List<HostedAgent> agents;
  private final Transport transport;
  private final Intake intake;

  /** A signal can end the transport before it is told to subscribe; then it must not be. */
  private final Object transportLock = new Object();

  private volatile boolean transportClosed;

  /** Changed on the dispatch thread alone once it runs. */
  private State state = State.NEW;

  /**
   * Assembles a host; nothing runs yet.
   *
   * @param runs hears of runs
   * @throws IllegalArgumentException if the plan cannot work; the message says why
   */
  public Host(Plan plan, RunListener runs, Listener listener, Counters counters) {
    this.listener = listener;
    this.counters = counters;
    this.dispatcher = new Dispatcher(failure -> listener.failed("the dispatch thread", failure));
    UniqueIds events = new UniqueIds();
    RunContext context =
        new RunContext(
            dispatcher,
            runs,
            plan.limits(),
            new AgentEnvironment(plan.directory(), plan.variables()),
            new UniqueIds());
    this.steps =
        new AgentSteps(plan.agent(), plan.places(), plan.limits(), counters, new StepsListener());
    try {
      this.transport = Transports.open(plan.transport(), steps::transport);
    } catch (RuntimeException e) {
      steps.close();
      throw e;
    }
    this.agents =
        List.of(new HostedAgent(plan.agent().id(), context, steps.resolver(), this::stopIfDrained));
    Router router = new Router(agents, counters, Clock.systemUTC(), events, listener);
    this.intake =
        new Intake(
            dispatcher,
            router,
            new Subscription(listener, counters, System::nanoTime),
            Limits.DEFAULT.queue(),
            counters,
            listener);
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
    return agents;
  }

  /** Starts the threads, the transport last. */
  public void start() {
    // Before the thread starts: a signal may have left its task already.
    state = State.RUNNING;
    dispatcher.start();
    synchronized (transportLock) {
      if (!transportClosed) {
        transport.subscribe(List.of(Channel.PATTERN), intake);
      }
    }
  }

  /** Names the handlers in Java that are being called. Any thread. */
  List<String> running() {
    return steps.running();
  }

  /** Says which plugins are loaded, and which are not. */
  public PluginReport plugins() {
    return steps.report();
  }

  /**
   * Loads plugins that have changed. Events that come meanwhile are answered by what is there; from
   * one event to the next it is what was loaded. Then {@link Listener#reloaded}.
   */
  public void reload() {
    steps.reload(
        (changes, next) -> dispatcher.execute(() -> reloaded(changes, Optional.ofNullable(next))));
  }

  private void reloaded(List<String> changes, Optional<StepResolver> next) {
    // One agent a process: these are its steps.
    next.ifPresent(
        fresh -> {
          StepResolver before = agents.getFirst().swap(fresh);
          before.retire(() -> steps.retire(before));
        });
    steps.report().problems().forEach(problem -> listener.plugin(problem.toString()));
    listener.reloaded(changes);
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
    Runnable chain = () -> dispatcher.execute(reply);
    for (HostedAgent agent : agents) {
      for (StepSource source : agent.steps().sources()) {
        Runnable next = chain;
        chain = () -> dispatcher.execute(() -> answer(source, next));
      }
    }
    // A closed transport has no thread left, and while it drains the agent is alive all the same.
    if (transportClosed) {
      chain.run();
    } else {
      transport.answer(chain);
    }
  }

  private void answer(StepSource source, Runnable next) {
    try {
      source.answer(next);
    } catch (RuntimeException e) {
      // A fault of its own is no reason to have the whole process ended.
      sourceFailed(source, e);
      next.run();
    }
  }

  /** Takes no more events; what runs and waits is finished, then {@link Listener#stopped}. */
  public void drain() {
    closeTransport();
    dispatcher.execute(
        () -> {
          if (state == State.RUNNING) {
            state = State.DRAINING;
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
          if (state != State.STOPPED) {
            state = State.DRAINING;
            agents.forEach(agent -> agent.stop(grace));
            stopIfDrained();
          }
        });
    // The steps come first: their grace is short, and closing a connection may take a moment.
    closeTransport();
  }

  /** Kills the running steps: the last resort when {@link #stop} did not get through. */
  public void kill() {
    agents.forEach(HostedAgent::kill);
  }

  /** Frees what is left; all runs have ended. */
  public void close() {
    closeTransport();
    dispatcher.close();
    agents.reversed().forEach(HostedAgent::close);
    steps.close();
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
    if (state == State.DRAINING && agents.stream().allMatch(HostedAgent::idle)) {
      state = State.STOPPED;
      listener.stopped();
    }
  }

  private void sourceFailed(StepSource source, Throwable failure) {
    listener.failed(source.origin(), failure);
  }

  /** Sources are asked on the dispatch thread; of plugins it hears on any. */
  private final class StepsListener implements AgentSteps.Listener {
    @Override
    public void sourceFailed(StepSource source, Throwable failure) {
      Host.this.sourceFailed(source, failure);
    }

    @Override
    public void problem(PluginProblem problem) {
      dispatcher.execute(() -> listener.plugin(problem.toString()));
    }

    @Override
    public void failed(Throwable failure) {
      dispatcher.execute(() -> listener.failed("the loading of plugins", failure));
    }

    @Override
    public void stuck(String why) {
      dispatcher.execute(() -> listener.plugin(why));
    }
  }
}
