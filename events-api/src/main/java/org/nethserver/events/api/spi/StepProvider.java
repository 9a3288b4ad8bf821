package org.nethserver.events.api.spi;

import java.util.List;

/**
 * Opens the sources of one kind of steps. Implemented by whoever has something that can answer
 * events; found by {@link java.util.ServiceLoader}; called by the agent.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>One provider instance is made a process, for a provider of a plugin one a loading, by its
 *       public constructor without parameters or its {@code provider()} method.
 *   <li>{@link #open} is called for each agent, before that agent's first event: once, or once for
 *       each stretch of its events directories where directories of plugins stand between them.
 *   <li>Each source is closed exactly once, after its last step has ended.
 * </ol>
 *
 * <p>Threads: all calls come from one thread at a time. A plugin's providers have 10 seconds
 * together; a plugin that takes longer is not used.
 */
public interface StepProvider {
  /**
   * Opens the sources of steps for an agent. Nothing need exist yet: a directory may appear later.
   *
   * @param agent the agent to serve
   * @return zero or more sources, the later winning where two name the same step
   * @throws IllegalArgumentException if the settings cannot work; the message is shown to the
   *     administrator
   */
  List<StepSource> open(AgentSettings agent);
}
