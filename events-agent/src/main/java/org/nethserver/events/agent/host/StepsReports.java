package org.nethserver.events.agent.host;

import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.api.spi.StepSource;

/**
 * Passes on what an agent's steps tell. Sources are asked on the dispatch thread; of plugins it
 * hears on any.
 */
final class StepsReports implements AgentSteps.Listener {
  private final String agent;
  private final Dispatcher dispatcher;
  private final Host.Listener listener;

  StepsReports(String agent, Dispatcher dispatcher, Host.Listener listener) {
    this.agent = agent;
    this.dispatcher = dispatcher;
    this.listener = listener;
  }

  @Override
  public void sourceFailed(StepSource source, Throwable failure) {
    listener.failed(source.origin(), failure);
  }

  @Override
  public void problem(PluginProblem problem) {
    dispatcher.execute(() -> listener.plugin(agent, problem.toString()));
  }

  @Override
  public void failed(Throwable failure) {
    dispatcher.execute(() -> listener.failed("the loading of plugins", failure));
  }

  @Override
  public void said(Priority priority, String line) {
    listener.said(agent, priority, line);
  }

  @Override
  public void stuck(String why) {
    dispatcher.execute(() -> listener.plugin(agent, why));
  }
}
