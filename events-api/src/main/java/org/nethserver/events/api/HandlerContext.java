package org.nethserver.events.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What an {@link EventHandler} is told besides the event: what a script would find in its
 * environment. Made by the agent, one for each call of {@link EventHandler#handle}, and of no use
 * after it, but for the {@link #logger}.
 *
 * <p>Threads: any.
 */
public interface HandlerContext {
  /** Returns the agent that runs the step, such as {@code module/traefik1}. */
  String agentId();

  /**
   * Returns what is unique to this start of this step, the {@code AGENT_STEP_RUN} of scripts: the
   * fields of the log carry it.
   */
  String runId();

  /**
   * Returns the absolute directory that scripts are started in: in NS8 the module's state
   * directory. The process itself may have another working directory: resolve relative paths here.
   */
  Path stateDirectory();

  /**
   * Returns the variables that a script of this run sees: the agent's own, the lines of the file
   * {@code environment} in the state directory, and {@code AGENT_…}. {@link System#getenv} shows
   * those of the process instead.
   */
  Variables variables();

  /** Returns when the time limit passes, by the system's clock; empty where there is none. */
  Optional<Instant> deadline();

  /**
   * Tells whether the call should end soon: the time limit has passed, or the agent stops. The
   * thread was interrupted then, which code may have swallowed; this stays true.
   */
  boolean isCancelled();

  /**
   * Returns a logger whose lines go where the output of scripts goes, with the fields of this run:
   * errors, warnings, information and debugging with their own priorities. A message of several
   * lines becomes several lines. It may be kept by threads that outlive the call. Payloads and the
   * values of variables do not belong into a log.
   */
  System.Logger logger();
}
