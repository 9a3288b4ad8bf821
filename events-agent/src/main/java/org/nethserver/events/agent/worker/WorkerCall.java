package org.nethserver.events.agent.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;

/**
 * One call of a handler in a worker, from when it is handed over until its end is told or the
 * worker is gone.
 *
 * <p>Threads: {@link #stop} any; all else the worker's reader, or whoever found the worker gone.
 */
final class WorkerCall implements Step.Execution {
  /** How long after a grace the worker may take to say that it has given the call up. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ToWorker.Start start;
  private final StepListener listener;
  private final WorkerProcess worker;
  private boolean ended;

  WorkerCall(ToWorker.Start start, StepListener listener, WorkerProcess worker) {
    this.start = start;
    this.listener = listener;
    this.worker = worker;
  }

  ToWorker.Start start() {
    return start;
  }

  void output(StepListener.Stream stream, byte[] line) {
    listener.output(stream, line);
  }

  void ended(Outcome outcome) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    listener.ended(outcome);
  }

  /** The worker is gone. */
  void failed(String why, Outcome outcome) {
    output(StepListener.Stream.STDERR, ("<3>" + why).getBytes(StandardCharsets.UTF_8));
    ended(outcome);
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  @Override
  public void stop(Duration grace) {
    if (hasEnded()) {
      return;
    }
    worker.tell(new ToWorker.Stop(start.call(), grace));
    Duration limit = grace.plus(PATIENCE);
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!hasEnded()) {
                worker.kill("it did not end a call that it was told to end");
              }
            });
  }
}
