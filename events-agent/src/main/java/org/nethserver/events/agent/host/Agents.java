package org.nethserver.events.agent.host;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.RunContext;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.StepSource;

/** Makes agents with the kinds of steps that this installation has. */
public final class Agents {
  private Agents() {}

  /**
   * Opens all sources of an agent's steps, or none.
   *
   * @param settings the agent
   * @param onFailure hears of a source that threw
   * @throws IllegalArgumentException if a provider cannot work with the settings
   */
  public static StepResolver steps(
      AgentSettings settings, BiConsumer<StepSource, Throwable> onFailure) {
    List<StepSource> sources = new ArrayList<>();
    try {
      for (StepProvider provider : ServiceLoader.load(StepProvider.class)) {
        sources.addAll(provider.open(settings));
      }
    } catch (RuntimeException | Error e) {
      try {
        new StepResolver(sources, onFailure).close();
      } catch (RuntimeException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
    return new StepResolver(sources, onFailure);
  }

  /**
   * Makes an agent.
   *
   * @param settings who it is and where its steps are
   * @param context what its runs share
   * @param onFailure hears of a source that threw
   * @param whenIdle runs on the dispatch thread whenever nothing runs and nothing waits any more
   */
  public static HostedAgent open(
      AgentSettings settings,
      RunContext context,
      BiConsumer<StepSource, Throwable> onFailure,
      Runnable whenIdle) {
    return new HostedAgent(settings.id(), context, steps(settings, onFailure), whenIdle);
  }
}
