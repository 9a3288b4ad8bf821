package org.nethserver.events.exec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The steps that are being ended: the first signal went to their groups already. Looks through the
 * process table, once for all of them, for what is left: members of the group, and those who left
 * it but carry the start's {@code AGENT_STEP_RUN}. Asks those politely too; when the grace is over,
 * kills whatever is found, again and again, since a process can have forked between two looks.
 *
 * <p>Loop thread only.
 */
final class Endings {
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long a killed process may take to go: one that hangs in the kernel never does. */
  private static final long LAST_PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final Map<RunningProcess, Progress> progress = new LinkedHashMap<>();

  /** How far the ending of one step has come. */
  private static final class Progress {
    private final Set<Integer> asked = new HashSet<>();
    private long next;
    private long pause = SHORTEST_PAUSE;
    private Optional<Deadline> patience = Optional.empty();

    private Progress(long now) {
      next = now;
    }
  }

  /** Attends to a step now: it is to end, is to end sooner, or its leader has ended. */
  void add(RunningProcess process) {
    if (process.reaped()) {
      return;
    }
    long now = System.nanoTime();
    Progress current = progress.computeIfAbsent(process, p -> new Progress(now));
    current.next = now;
    current.pause = SHORTEST_PAUSE;
  }

  /** Returns how long the loop may sleep, as epoll takes it. */
  int waitMillis(long now) {
    long shortest = Long.MAX_VALUE;
    for (Progress each : progress.values()) {
      shortest = Math.min(shortest, Math.max(0, each.next - now));
    }
    if (shortest == Long.MAX_VALUE) {
      return -1;
    }
    // Upwards: a millisecond too late, not a thousand turns too early.
    return (int) Math.min(Integer.MAX_VALUE, (shortest + 999_999) / 1_000_000);
  }

  /** Does what is due. */
  void tend(long now) {
    List<RunningProcess> due = new ArrayList<>();
    progress.forEach(
        (process, each) -> {
          if (each.next - now <= 0) {
            due.add(process);
          }
        });
    if (due.isEmpty()) {
      return;
    }
    // Before the look: what it finds afterwards was forked or left the group meanwhile.
    for (RunningProcess process : due) {
      if (isForced(process, now)) {
        process.killGroup();
      }
    }
    ProcessTable table = ProcessTable.read();
    for (RunningProcess process : due) {
      Progress each = progress.get(process);
      if (each != null && tend(process, each, table, now)) {
        progress.remove(process);
        process.finish();
      }
    }
  }

  private static boolean isForced(RunningProcess process, long now) {
    return process.deadline().map(deadline -> deadline.isOver(now)).orElse(false);
  }

  /** Returns true if nothing of the step is left. */
  private static boolean tend(RunningProcess process, Progress each, ProcessTable table, long now) {
    List<ProcessTable.Entry> members = process.members(table);
    if (process.leaderEnded() && members.isEmpty()) {
      return true;
    }
    boolean forced = isForced(process, now);
    // What one that was asked has started since is its way of ending: a clean-up, left in peace.
    Set<Integer> asked = Set.copyOf(each.asked);
    for (ProcessTable.Entry member : members) {
      boolean left = member.group() != process.pid();
      if (left && forced) {
        ProcessTable.signal(member, Posix.SIGKILL);
      } else if (left && !asked.contains(member.parent()) && each.asked.add(member.pid())) {
        ProcessTable.signal(member, Posix.SIGTERM);
        ProcessTable.signal(member, Posix.SIGCONT);
      }
    }
    if (forced && each.patience.isEmpty()) {
      each.patience = Optional.of(new Deadline(now + LAST_PATIENCE));
      each.pause = SHORTEST_PAUSE;
    }
    if (process.leaderEnded() && each.patience.map(end -> end.isOver(now)).orElse(false)) {
      return true;
    }
    each.next = next(process, each, forced, now);
    return false;
  }

  private static long next(RunningProcess process, Progress each, boolean forced, long now) {
    long pause = each.pause;
    each.pause = Math.min(2 * pause, LONGEST_PAUSE);
    long soon = now + pause;
    long end = process.deadline().map(Deadline::nanos).orElse(soon);
    if (forced) {
      return soon;
    }
    // While the leader lives its end is waited for, not looked for.
    return process.leaderEnded() && soon - end < 0 ? soon : end;
  }
}
