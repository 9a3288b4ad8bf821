package org.nethserver.events.agent.handlers;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepRun;

/** What a handler is told during one call. */
final class CallContext implements HandlerContext {
  private final JavaStep step;
  private final StepRun run;
  private final HandlerCall call;
  private final HandlerLog log;
  private final Instant begun = Instant.now();

  CallContext(JavaStep step, StepRun run, HandlerCall call, HandlerLog log) {
    this.step = step;
    this.run = run;
    this.call = call;
    this.log = log;
  }

  @Override
  public String agentId() {
    return step.site().agentId();
  }

  @Override
  public String runId() {
    return run.id();
  }

  @Override
  public Path stateDirectory() {
    return run.directory();
  }

  @Override
  public Variables variables() {
    return run.variables();
  }

  @Override
  public Optional<Instant> deadline() {
    Duration limit = step.steps().timeLimit();
    return limit.isZero() ? Optional.empty() : Optional.of(begun.plus(limit));
  }

  @Override
  public boolean isCancelled() {
    return call.isCancelled();
  }

  @Override
  public System.Logger logger() {
    return log;
  }

  @Override
  public String toString() {
    return "HandlerContext[" + run.id() + "]";
  }
}
