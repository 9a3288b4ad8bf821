package org.nethserver.events.agent.host;

import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.api.spi.StepSource;

/**
 * Asks in turn all threads that steps need whether they are alive. Threads: the dispatch thread.
 */
final class RollCall {
  private final Dispatcher dispatcher;
  private final Tenants tenants;
  private final Host.Listener listener;

  RollCall(Dispatcher dispatcher, Tenants tenants, Host.Listener listener) {
    this.dispatcher = dispatcher;
    this.tenants = tenants;
    this.listener = listener;
  }

  /** Returns what asks those of all sources of steps, and the dispatch thread; then the reply. */
  Runnable ofSteps(Runnable reply) {
    Runnable chain = () -> dispatcher.execute(reply);
    for (HostedAgent agent : tenants.agents()) {
      StepResolver steps = agent.steps();
      for (StepSource source : steps.sources()) {
        Runnable next = chain;
        chain = () -> dispatcher.execute(() -> ask(agent, steps, source, next));
      }
    }
    return chain;
  }

  private void ask(HostedAgent agent, StepResolver steps, StepSource source, Runnable next) {
    if (agent.steps() != steps || !tenants.agents().contains(agent)) {
      next.run(); // replaced meanwhile, and perhaps closed
      return;
    }
    try {
      source.answer(next);
    } catch (RuntimeException e) {
      // A fault of its own is no reason to have the whole process ended.
      listener.failed(source.origin(), e);
      next.run();
    }
  }
}
