package org.nethserver.events.agent.handlers;

import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;

/**
 * Where a handler comes from and whom to tell of its calls. Implemented by whoever loaded the
 * handler, one for each; called by the handler's {@linkplain JavaSteps#step step}.
 *
 * <p>Threads: {@link #began} and {@link #answers} are called by the dispatch thread, the others by
 * any. No method blocks or throws.
 */
public interface HandlerSite {
  /** Returns the plugin's name, for people. */
  String plugin();

  /** Returns the agent that the handler belongs to. */
  String agentId();

  /** Returns the class loader that is the thread's context class loader during a call. */
  ClassLoader loader();

  /** Returns the step's name. */
  StepName name();

  /** Tells whether the handler answers events of the source. */
  boolean answers(EventSource source);

  /** A call begins: the handler must not be closed before its {@link #ended}. */
  void began();

  /**
   * A call has left the handler: once for each {@link #began}, after a call that was given up only
   * when it returns after all. The thread that called the handler waits for this.
   */
  void ended();

  /**
   * A call was given up. It holds its thread still, and {@link #ended} may never follow.
   *
   * @param why names plugin, handler and event, and what to do, in one line
   */
  void stuck(String why);
}
