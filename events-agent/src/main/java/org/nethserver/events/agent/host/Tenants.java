package org.nethserver.events.agent.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.history.Histories;
import org.nethserver.events.agent.journal.Journals;
import org.nethserver.events.agent.policy.Policies;
import org.nethserver.events.agent.run.AgentEnvironment;
import org.nethserver.events.agent.run.Commons;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Router;
import org.nethserver.events.agent.run.RunContext;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunListeners;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.run.UniqueIds;

/**
 * The agents of a host, as they come, change and go. What is replaced or gone is closed on a thread
 * of its own, after the last run that needs it: plugins may take their time.
 *
 * <p>Threads: the dispatch thread, or one before it starts and after its end; {@link #agents} and
 * {@link #running} any.
 */
final class Tenants {
  private final Dispatcher dispatcher;
  private final Commons commons;
  private final Router router;
  private final Function<AgentPlan, RunListener> logs;
  private final Runnable whenIdle;
  private final Consumer<Throwable> onFailure;
  private final Optional<Journals> journals;
  private final Optional<Histories> histories;
  private final UniqueIds stepRuns;
  private final Map<String, Tenant> byId = new LinkedHashMap<>();

  /** All that have something to end, also those that get no more events. */
  private volatile List<HostedAgent> agents = List.of();

  /** What these have now, but for what was replaced. */
  private volatile List<AgentSteps> inUse = List.of();

  /**
   * Hosts nobody yet.
   *
   * @param commons what all share
   * @param router told who gets events
   * @param journals where agents make good what they missed, if they do
   * @param histories where it is kept what they ran, if it is
   * @param stepRuns makes ids of starts of steps
   * @param logs makes who hears of an agent's runs
   * @param whenIdle runs whenever an agent has nothing more to do
   * @param onFailure hears what closing threw; any thread
   */
  Tenants(
      Dispatcher dispatcher,
      Commons commons,
      Router router,
      Optional<Journals> journals,
      Optional<Histories> histories,
      UniqueIds stepRuns,
      Function<AgentPlan, RunListener> logs,
      Runnable whenIdle,
      Consumer<Throwable> onFailure) {
    this.dispatcher = dispatcher;
    this.commons = commons;
    this.router = router;
    this.journals = journals;
    this.histories = histories;
    this.stepRuns = stepRuns;
    this.logs = logs;
    this.whenIdle = whenIdle;
    this.onFailure = onFailure;
  }

  private static final class Tenant {
    private final HostedAgent agent;
    private final Policies policies;
    private RunListener listener;
    private AgentPlan plan;
    private AgentSteps steps;
    private boolean leaves;

    Tenant(
        HostedAgent agent,
        Policies policies,
        RunListener listener,
        AgentPlan plan,
        AgentSteps steps) {
      this.agent = agent;
      this.policies = policies;
      this.listener = listener;
      this.plan = plan;
      this.steps = steps;
    }
  }

  /** Returns all agents. */
  List<HostedAgent> agents() {
    return agents;
  }

  /** Names the handlers in Java that are being called, as far as their steps were not replaced. */
  List<String> running() {
    return inUse.stream().flatMap(steps -> steps.running().stream()).toList();
  }

  /** Returns the steps of the agents that get events, by their ids. */
  Map<String, AgentSteps> steps() {
    Map<String, AgentSteps> all = new LinkedHashMap<>();
    byId.forEach(
        (id, tenant) -> {
          if (!tenant.leaves) {
            all.put(id, tenant.steps);
          }
        });
    return all;
  }

  /** Tells whether an agent is hosted by this very plan. */
  boolean goesBy(AgentPlan plan) {
    Tenant tenant = byId.get(plan.id());
    return tenant != null && tenant.plan == plan;
  }

  /** Hosts an agent; one of this id goes by other settings and steps from now on. */
  void adopt(AgentPlan plan, AgentSteps steps) {
    Tenant known = byId.get(plan.id());
    RunListener listener = listener(plan);
    // One for all its settings: verdicts come in the order of the events.
    Policies policies =
        known == null
            ? new Policies(problem -> dispatcher.execute(() -> policyUnused(plan.id(), problem)))
            : known.policies;
    RunContext context =
        new RunContext(
            dispatcher,
            listener,
            plan.limits(),
            new AgentEnvironment(plan.directory(), plan.variables(), plan.reading()),
            stepRuns,
            policies);
    if (known == null) {
      HostedAgent agent =
          new HostedAgent(
              plan.id(), context, steps.resolver(), commons, () -> becameIdle(plan.id()));
      byId.put(plan.id(), new Tenant(agent, policies, listener, plan, steps));
      journals.ifPresent(all -> all.join(agent));
    } else {
      AgentSteps replaced = known.steps;
      known.plan = plan;
      known.listener = listener;
      known.steps = steps;
      // One that was leaving stays: what it has to end comes before what is to come.
      known.leaves = false;
      StepResolver before = known.agent.swap(context, steps.resolver());
      before.retire(() -> close(before, replaced));
      journals.ifPresent(all -> all.join(known.agent));
    }
    list();
  }

  private void policyUnused(String id, String problem) {
    Tenant tenant = byId.get(id);
    if (tenant != null) {
      tenant.listener.policyUnused(problem);
    }
  }

  private RunListener listener(AgentPlan plan) {
    List<RunListener> all = new ArrayList<>();
    // First: what is told of a run must not be said before what a crash would forget.
    journals.flatMap(known -> known.listener(plan.id())).ifPresent(all::add);
    if (plan.history()) {
      histories.flatMap(kept -> kept.listener(plan.id())).ifPresent(all::add);
    }
    all.add(logs.apply(plan));
    return RunListeners.of(all);
  }

  /** Uses steps that a reload of an agent's plugins has brought, unless these are no longer its. */
  void use(String id, AgentSteps reloaded, @Nullable StepResolver next) {
    Tenant tenant = byId.get(id);
    if (next == null) {
      return;
    }
    if (tenant == null || tenant.steps != reloaded) {
      later(next::close);
      return;
    }
    StepResolver before = tenant.agent.swap(next);
    before.retire(() -> reloaded.retire(before));
  }

  /** Brings an agent no more events; it is gone when it has run what it has. */
  void dismiss(String id) {
    Tenant tenant = byId.get(id);
    if (tenant != null) {
      tenant.leaves = true;
      journals.ifPresent(all -> all.leave(id));
      tenant.agent.finish();
      list();
      goIfIdle(id);
    }
  }

  private void becameIdle(String id) {
    goIfIdle(id);
    whenIdle.run();
  }

  private void goIfIdle(String id) {
    Tenant tenant = byId.get(id);
    if (tenant != null && tenant.leaves && tenant.agent.idle()) {
      byId.remove(id);
      tenant.agent.leave();
      list();
      journals.ifPresent(all -> all.forget(id));
      histories.ifPresent(all -> all.forget(id));
      close(tenant.agent.steps(), tenant.steps);
    }
  }

  private void list() {
    List<HostedAgent> all = new ArrayList<>();
    List<HostedAgent> hearing = new ArrayList<>();
    for (Tenant tenant : byId.values()) {
      all.add(tenant.agent);
      if (!tenant.leaves) {
        hearing.add(tenant.agent);
      }
    }
    agents = List.copyOf(all);
    inUse = byId.values().stream().map(tenant -> tenant.steps).toList();
    router.use(hearing);
  }

  private void close(StepResolver resolver, AgentSteps steps) {
    later(
        () -> {
          resolver.close();
          steps.close();
        });
  }

  /** Closes steps that were never used. Any thread. */
  void close(AgentSteps steps) {
    later(steps::close);
  }

  private void later(Runnable closing) {
    Thread thread =
        new Thread(
            () -> {
              try {
                closing.run();
              } catch (Throwable e) {
                ForeignFailure.rethrowFatal(e);
                onFailure.accept(e);
              }
            },
            "agent-close");
    thread.setDaemon(true);
    thread.start();
  }

  /** Closes all; nothing runs. */
  void close() {
    for (Tenant tenant : List.copyOf(byId.values()).reversed()) {
      tenant.agent.close();
      tenant.steps.close();
    }
  }
}
