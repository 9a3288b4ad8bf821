package org.nethserver.events.agent.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.ForeignFailure;

/**
 * Brings a host from the agents that it has to those that it should have. Their steps are opened
 * while events go on; from one event to the next they are used. What comes of an agent that takes
 * long, or cannot be hosted at all, concerns no other.
 *
 * <p>Threads: {@link #to} any but the dispatch thread, one after the other; agents with plugins are
 * opened on a thread each, since constructors of plugins may never return.
 */
final class Changeover {
  /** How long to wait for agents with plugins; later ones are hosted when they are there. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Dispatcher dispatcher;
  private final Tenants tenants;
  private final Function<AgentPlan, AgentSteps> opening;
  private final Host.Listener listener;

  /** The latest plan of each agent: an opening that was overtaken finds another here. */
  private final Map<String, AgentPlan> wanted = new ConcurrentHashMap<>();

  /** Agents whose latest plan could not be used, to be tried again. */
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  Changeover(
      Dispatcher dispatcher,
      Tenants tenants,
      Function<AgentPlan, AgentSteps> opening,
      Host.Listener listener) {
    this.dispatcher = dispatcher;
    this.tenants = tenants;
    this.opening = opening;
    this.listener = listener;
  }

  /**
   * Hosts these agents and no others.
   *
   * @return what is different now, for people
   */
  synchronized List<String> to(List<AgentPlan> plans) {
    Map<String, AgentPlan> next = new LinkedHashMap<>();
    plans.forEach(plan -> next.put(plan.id(), plan));
    List<String> changes = new ArrayList<>();
    for (String id : List.copyOf(wanted.keySet())) {
      if (!next.containsKey(id)) {
        wanted.remove(id);
        failed.remove(id);
        dispatcher.execute(() -> tenants.dismiss(id));
        changes.add(id + " removed");
      }
    }
    List<AgentPlan> toOpen = new ArrayList<>();
    for (AgentPlan plan : next.values()) {
      AgentPlan before = wanted.get(plan.id());
      if (before == null || !before.isLike(plan) || failed.remove(plan.id())) {
        changes.add(plan.id() + (before == null ? " added" : " changed"));
        wanted.put(plan.id(), plan);
        toOpen.add(plan);
      }
    }
    open(toOpen);
    return changes;
  }

  private void open(List<AgentPlan> plans) {
    CountDownLatch opened = new CountDownLatch(plans.size());
    for (AgentPlan plan : plans) {
      Runnable opens =
          () -> {
            try {
              open(plan);
            } finally {
              opened.countDown();
            }
          };
      if (AgentSteps.havePlugins(plan.places())) {
        Thread thread = new Thread(opens, "agent-open");
        thread.setDaemon(true);
        thread.start();
      } else {
        opens.run();
      }
    }
    try {
      if (!opened.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        dispatcher.execute(() -> tellMissing(plans));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void open(AgentPlan plan) {
    AgentSteps steps;
    try {
      steps = opening.apply(plan);
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      if (wanted.get(plan.id()) == plan) {
        failed.add(plan.id());
        String why = e instanceof IllegalArgumentException ? e.getMessage() : e.toString();
        dispatcher.execute(() -> listener.notHosted(plan.id(), String.valueOf(why)));
      }
      return;
    }
    dispatcher.execute(
        () -> {
          if (wanted.get(plan.id()) == plan) {
            tenants.adopt(plan, steps);
            listener.hosted(plan.id(), steps.report());
          } else {
            tenants.close(steps);
          }
        });
  }

  private void tellMissing(List<AgentPlan> plans) {
    for (AgentPlan plan : plans) {
      if (!tenants.goesBy(plan) && !failed.contains(plan.id())) {
        listener.notHosted(
            plan.id(), "its plugins are still loading; it goes by this when they are loaded");
      }
    }
  }
}
