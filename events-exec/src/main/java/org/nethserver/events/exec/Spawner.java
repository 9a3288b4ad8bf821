package org.nethserver.events.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.nethserver.events.api.spi.StepRun;

/**
 * Starts processes by the one call of {@code start.c}: the child shares the memory until its exec,
 * so its cost does not grow with the heap, and an exec that fails is reported here.
 *
 * <p>The child gets: the absolute path as its only argument; the payload, and pipes, as its
 * descriptors 0, 1 and 2 and no others; a process group of its own; every signal at its default and
 * none blocked, whatever the Java machine has set; umask and limits of this process.
 */
final class Spawner {
  /**
   * How long the child is waited for. Mostly it takes a fraction of a millisecond; but where files
   * are far away, or a user does his best to hinder it, it must not hold up the steps of others.
   */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final Path ownDirectory = Path.of("").toAbsolutePath();
  private final Supplier<StartCall> newCall;
  private final ThreadLocal<StartCall> calls = ThreadLocal.withInitial(this::call);

  /** Those whose memory can be used again, sooner or later. */
  private final Queue<LateStart> lateStarts = new ConcurrentLinkedQueue<>();

  /** The directory of the last start: it is mostly that of the next. */
  private volatile Directory lastDirectory;

  private record Directory(Path path, byte[] bytes) {}

  /** Makes a spawner of a process that ignores what this one does now. */
  static Spawner create() {
    StartLibrary.load();
    Inherited.mend();
    long ignored = StartCall.ignoredSignals();
    return new Spawner(() -> new StartCall(PATIENCE, ignored));
  }

  /**
   * Makes a spawner.
   *
   * @param newCall makes the memory of one start
   */
  Spawner(Supplier<StartCall> newCall) {
    this.newCall = newCall;
    this.lastDirectory = new Directory(ownDirectory, PathBytes.of(ownDirectory));
  }

  /** Where every start is late, as on a machine that is overloaded, each needs one for a while. */
  private StartCall call() {
    for (Iterator<LateStart> starts = lateStarts.iterator(); starts.hasNext(); ) {
      Optional<StartCall> free = starts.next().memory();
      if (free.isPresent()) {
        starts.remove();
        return free.get();
      }
    }
    return newCall.get();
  }

  /** Starts a file; what fits of the payload is in its pipe before it runs. */
  Spawned spawn(byte[] file, StepRun run, StepAccount account) {
    StartCall call = calls.get();
    byte[] directory = bytes(run.directory());
    call.area().fill(file, directory, run.variables());
    call.become(account);
    // Another user may not be allowed to be where this process is.
    call.start(run.event().payload(), account.isOther() || !run.directory().equals(ownDirectory));
    account.entered(call.cgroupError());
    if (call.late()) {
      calls.remove();
      LateStart late = new LateStart(call);
      lateStarts.add(late);
      return running(
          call,
          run,
          account,
          () -> late.end().map(failure -> explain(failure, file, directory, account)));
    }
    return call.failure()
        .<Spawned>map(why -> new Spawned.Refused(explain(why, file, directory, account)))
        .orElseGet(() -> running(call, run, account, Optional::empty));
  }

  private static Spawned running(
      StartCall call, StepRun run, StepAccount account, Supplier<Optional<String>> lateRefusal) {
    return new Spawned.Running(
        call.pid(),
        call.pidfd(),
        call.rest(run.event().payload()),
        call.stdout(),
        call.stderr(),
        account,
        lateRefusal);
  }

  private static String explain(
      StartCall.Failure failure, byte[] file, byte[] directory, StepAccount account) {
    return new StartFailure(file, directory, account).explain(failure);
  }

  private byte[] bytes(Path directory) {
    Directory last = lastDirectory;
    if (!last.path().equals(directory)) {
      last = new Directory(directory, PathBytes.of(directory));
      lastDirectory = last;
    }
    return last.bytes();
  }
}
