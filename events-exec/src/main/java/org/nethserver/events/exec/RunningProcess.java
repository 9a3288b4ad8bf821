package org.nethserver.events.exec;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;
import org.nethserver.events.api.spi.StepRun;

/**
 * A step's process, the leader of its group, from its start until it is reaped.
 *
 * <p>The leader is reaped only when nobody will signal its group any more: until then it stays a
 * zombie, and its number cannot pass to a stranger. {@link #stop} signals from any thread, the loop
 * reaps; this object's lock keeps the one from following the other.
 */
final class RunningProcess implements Step.Execution, Watched {
  private final ProcessLoop loop;
  private final Object owner;
  private final int pid;
  private final int pidfd;
  private final String id;
  private final StepListener listener;
  private final StepAccount account;
  private final Supplier<Optional<String>> lateRefusal;
  private final OutputPipe stdout;
  private final OutputPipe stderr;
  private final Optional<InputPipe> stdin;
  private final long token;

  /** Guarded by this: the leader was reaped, its number may be anybody's. */
  private boolean reaped;

  /** Guarded by this: set by the first stop. */
  private Optional<Deadline> deadline = Optional.empty();

  /** Loop thread only: the pidfd is closed. */
  private boolean leaderEnded;

  RunningProcess(
      ProcessLoop loop, Object owner, Spawned.Running process, StepRun run, StepListener listener) {
    this.loop = loop;
    this.owner = owner;
    this.pid = process.pid();
    this.pidfd = process.pidfd();
    this.id = run.id();
    this.listener = listener;
    this.account = process.account();
    this.lateRefusal = process.lateRefusal();
    this.stdout = new OutputPipe(loop, owner, process.stdout(), Stream.STDOUT, listener);
    this.stderr = new OutputPipe(loop, owner, process.stderr(), Stream.STDERR, listener);
    this.stdin = process.stdin().map(payload -> new InputPipe(loop, owner, payload));
    this.token = loop.newToken();
  }

  /** Hands the process to the loop, its end last: by then its pipes are known. */
  void begin() {
    int error = stdout.begin();
    error = error < 0 ? error : stderr.begin();
    error = error < 0 || stdin.isEmpty() ? error : stdin.get().begin();
    error = error < 0 ? error : loop.watch(pidfd, Epoll.IN, token, this);
    if (error < 0) {
      unwatchable(error);
    }
  }

  /** The kernel's memory, or its limit of watches, is used up: without a watch, no end is seen. */
  private void unwatchable(int error) {
    System.getLogger(RunningProcess.class.getName())
        .log(
            Level.ERROR,
            "cannot watch process {0}, which was killed: {1}; see fs.epoll.max_user_watches",
            Integer.toString(pid),
            Errno.text(error));
    Posix.kill(-pid, Posix.SIGKILL);
    loop.execute(
        () -> {
          Reaper.await(pid);
          synchronized (this) {
            reaped = true;
          }
          drop();
          stdout.drop();
          stderr.drop();
          stdin.ifPresent(InputPipe::drop);
          listener.ended(new Outcome.Killed(Posix.SIGKILL));
        });
  }

  @Override
  public Object owner() {
    return owner;
  }

  String id() {
    return id;
  }

  int pid() {
    return pid;
  }

  @Override
  public void stop(Duration grace) {
    synchronized (this) {
      if (reaped) {
        return;
      }
      Deadline wanted = Deadline.in(grace);
      boolean first = deadline.isEmpty();
      deadline = Optional.of(first ? wanted : deadline.get().earlier(wanted));
      // At once, by whoever stops: the loop may be waiting for the system log.
      if (grace.isZero() || grace.isNegative()) {
        signal(Posix.SIGKILL);
      } else if (first) {
        signal(Posix.SIGTERM);
        // A stopped process gets its TERM only when it goes on.
        signal(Posix.SIGCONT);
      }
    }
    loop.end(this);
  }

  /** Returns when the grace is over, once the step is being ended. */
  synchronized Optional<Deadline> deadline() {
    return deadline;
  }

  boolean leaderEnded() {
    return leaderEnded;
  }

  synchronized boolean reaped() {
    return reaped;
  }

  /** Kills what is in the group; the leader is not reaped yet. */
  synchronized void killGroup() {
    if (!reaped) {
      signal(Posix.SIGKILL);
    }
  }

  /** Signals the group; the leader alone if it has left its own group empty. Lock held. */
  private void signal(int signal) {
    if (Posix.kill(-pid, signal) == -Errno.ESRCH) {
      Posix.kill(pid, signal);
    }
  }

  /** The leader ended. */
  @Override
  public void ready(int events) {
    drop();
    if (deadline().isPresent()) {
      // The rest of its group may live: Endings calls finish when nothing is left.
      loop.end(this);
    } else {
      finish();
    }
  }

  /** Tells the last words and the end, and reaps the leader. Loop thread only. */
  void finish() {
    stdout.drain();
    stderr.drain();
    // What a background child has not read by now it will not get: the payload may be large, the
    // child may never end.
    stdin.ifPresent(InputPipe::drop);
    OptionalInt status;
    synchronized (this) {
      if (reaped) {
        return;
      }
      status = Reaper.reap(pid);
      reaped = true;
    }
    lateRefusal
        .get()
        .ifPresent(why -> listener.output(Stream.STDERR, why.getBytes(StandardCharsets.UTF_8)));
    // Without status somebody else reaped it, which nothing in this process does.
    listener.ended(
        status.isPresent() ? Reaper.outcome(status.getAsInt()) : new Outcome.Killed(Posix.SIGKILL));
  }

  /** Closes the pidfd alone; the pipes are watched for themselves. */
  @Override
  public void drop() {
    if (!leaderEnded) {
      leaderEnded = true;
      loop.release(pidfd, token);
    }
  }

  /** Returns those of a table that belong to this step, its leader included while it lives. */
  List<ProcessTable.Entry> members(ProcessTable table) {
    return table.entries().stream()
        .filter(entry -> entry.group() == pid || isMarked(entry))
        .toList();
  }

  /**
   * Anybody can put a step's id into an environment: it marks processes of the step's user only.
   */
  private boolean isMarked(ProcessTable.Entry entry) {
    return entry.stepRun().equals(id) && account.mayOwn(entry.uid());
  }
}
