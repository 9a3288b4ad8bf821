package org.nethserver.events.exec;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/** Runs the scripts of one source on the loop that all sources of the process share. */
final class ScriptRunner implements AutoCloseable {
  private static final Step.Execution NOTHING_TO_STOP = grace -> {};

  private final Machinery.Starting machinery;
  private final StepAccount account;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Makes a runner.
   *
   * @param machinery shared with the other sources
   * @param account as whom the scripts run
   * @param release called once, when this is closed
   */
  ScriptRunner(Machinery.Starting machinery, StepAccount account, Runnable release) {
    this.machinery = machinery;
    this.account = account;
    this.release = release;
  }

  /** Does what {@link Step#start} promises. */
  Step.Execution start(byte[] file, StepRun run, StepListener listener) {
    Machinery ready = machinery.ready();
    return switch (ready.spawner().spawn(file, run, account)) {
      case Spawned.Refused(String why) -> {
        listener.ended(new Outcome.Skipped(why));
        yield NOTHING_TO_STOP;
      }
      case Spawned.Running running -> {
        // Before the loop knows of it, so that no output can come first.
        listener.started();
        RunningProcess process = new RunningProcess(ready.loop(), this, running, run, listener);
        process.begin();
        yield process;
      }
    };
  }

  /** Returns whom its user trusts. */
  TrustRules rules() {
    return account.isOther()
        ? new TrustRules(account.uid(), account.gid())
        : machinery.ready().rules();
  }

  /** Returns what sees changes in events directories, unless it is still being made. */
  Optional<DirectoryWatch> watch() {
    return machinery.watch();
  }

  /** Runs it on the loop's thread. */
  void answer(Runnable reply) {
    machinery.ready().loop().execute(reply);
  }

  /** Lets go of what background children still write; the listeners hear no more. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      machinery.ifMade(made -> made.loop().forget(this));
      account.close();
      release.run();
    }
  }
}
