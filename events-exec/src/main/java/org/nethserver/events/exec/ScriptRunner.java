package org.nethserver.events.exec;

import java.util.concurrent.atomic.AtomicBoolean;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/** Runs the scripts of one source on the loop that all sources of the process share. */
final class ScriptRunner implements AutoCloseable {
  private static final Step.Execution NOTHING_TO_STOP = grace -> {};

  private final Spawner spawner;
  private final ProcessLoop loop;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes a runner.
   *
   * @param release called once, when this is closed
   */
  ScriptRunner(Spawner spawner, ProcessLoop loop, Runnable release) {
    this.spawner = spawner;
    this.loop = loop;
    this.release = release;
  }

  /** Does what {@link Step#start} promises. */
  Step.Execution start(byte[] file, StepRun run, StepListener listener) {
    return switch (spawner.spawn(file, run)) {
      case Spawned.Refused(String why) -> {
        listener.ended(new Outcome.Skipped(why));
        yield NOTHING_TO_STOP;
      }
      case Spawned.Running running -> {
        // Before the loop knows of it, so that no output can come first.
        listener.started();
        RunningProcess process = new RunningProcess(loop, this, running, run, listener);
        process.begin();
        yield process;
      }
    };
  }

  void answer(Runnable reply) {
    loop.execute(reply);
  }

  /** Lets go of what background children still write; the listeners hear no more. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      loop.forget(this);
      release.run();
    }
  }
}
