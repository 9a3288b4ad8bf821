package org.nethserver.events.agent.run;

import java.util.function.Supplier;

/**
 * What all runs of an agent share.
 *
 * @param dispatcher the thread that they live on
 * @param listener whom they tell
 * @param limits the agent's bounds
 * @param environment the agent's variables and working directory
 * @param stepRuns makes an id unique to one start of one step
 * @param judge says what policies make of events
 */
public record RunContext(
    Dispatcher dispatcher,
    RunListener listener,
    Limits limits,
    AgentEnvironment environment,
    Supplier<String> stepRuns,
    Judge judge) {
  /** What is shared by runs of an agent that knows no policies. */
  public RunContext(
      Dispatcher dispatcher,
      RunListener listener,
      Limits limits,
      AgentEnvironment environment,
      Supplier<String> stepRuns) {
    this(dispatcher, listener, limits, environment, stepRuns, Judge.NONE);
  }
}
