package org.nethserver.events.agent.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.log.Priority;

/**
 * The history of one agent, as the writer sees it: lines that are still to be written, and the
 * files. While these cannot be written, lines wait as far as there is room; what does not fit is
 * counted, and the count is written down when there is room again.
 *
 * <p>Threads: the writer's, but for what says otherwise.
 */
final class AgentHistory {
  private static final int MAX_WAITING = 1_000;
  private static final int MAX_WAITING_BYTES = 1 << 20;
  private static final int PART = 256 * 1024;
  private static final long RETRY = Duration.ofSeconds(1).toNanos();

  private final String agent;
  private final Path state;
  private final Histories.Preparation preparation;
  private final Segments.Bounds bounds;
  private final String process;
  private final Histories.Listener listener;

  /** Runs that found the queue full; any thread. */
  private final AtomicLong dropped = new AtomicLong();

  /** Whether another process has the files: then nothing is kept. Read by any thread. */
  private volatile boolean off;

  private final ArrayDeque<Segments.Line> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable Segments files;

  /** Why the files cannot be written; empty if they can. */
  private String failure = "";

  private long failedAt;
  private long lost;
  private boolean toldDropped;

  /**
   * Opens nothing yet.
   *
   * @param state the agent's directory
   * @param preparation makes it, or says what is wrong with it
   * @param process what the keys of this process's runs begin with
   */
  AgentHistory(
      String agent,
      Path state,
      Histories.Preparation preparation,
      Segments.Bounds bounds,
      String process,
      Histories.Listener listener) {
    this.agent = agent;
    this.state = state;
    this.preparation = preparation;
    this.bounds = bounds;
    this.process = process;
    this.listener = listener;
  }

  /** Returns whether anything is kept. Any thread. */
  boolean isOn() {
    return !off;
  }

  /** There was no room in the queue for a run. Any thread. */
  void drop() {
    dropped.incrementAndGet();
  }

  /** A run goes on, if it has not ended meanwhile. */
  void begun(RunInProgress run) {
    if (!off && !run.hasEnded() && hasRoom()) {
      run.told = true;
      add(new Segments.Line(RunLines.begun(run), 1));
    }
  }

  /** A run has ended. One that was begun is always brought to its end, if without output. */
  void ended(RunInProgress run) {
    if (off) {
      return;
    }
    if (!hasRoom()) {
      if (!run.told) {
        lost++;
        return;
      }
      run.forgetOutput();
    }
    add(new Segments.Line(RunLines.ended(run), run.told ? 0 : 1));
    if (waitingBytes > PART) {
      write();
    }
  }

  private boolean hasRoom() {
    return waiting.size() < MAX_WAITING && waitingBytes < MAX_WAITING_BYTES;
  }

  private void add(Segments.Line line) {
    waiting.add(line);
    waitingBytes += line.bytes().length;
  }

  /** Writes what waits, unless that failed just now. */
  void write() {
    noteDropped();
    if (off || waiting.isEmpty() || (isFailing() && System.nanoTime() - failedAt < RETRY)) {
      return;
    }
    try {
      Segments open = files;
      if (open == null) {
        preparation.run();
        open = Segments.open(state, bounds, RunLines.process(ProcessMark.ofThis(process)));
        files = open;
      }
      int done;
      do {
        done = open.add(new ArrayList<>(waiting));
        for (int i = 0; i < done; i++) {
          waitingBytes -= waiting.remove().bytes().length;
        }
      } while (!waiting.isEmpty());
      recovered();
    } catch (Segments.InUseException e) {
      off = true;
      waiting.clear();
      listener.line(
          agent,
          Priority.WARNING,
          "The history of runs is not kept: "
              + e.getMessage()
              + ". End it, or give this agent another --state-directory");
    } catch (IOException e) {
      failed(e);
    }
  }

  private void noteDropped() {
    long now = dropped.getAndSet(0);
    lost += now;
    if (now > 0 && !toldDropped) {
      toldDropped = true;
      listener.line(
          agent,
          Priority.WARNING,
          "The history of runs leaves some out: they end quicker than they can be written. It says"
              + " how many");
    } else if (now == 0) {
      toldDropped = false;
    }
    if (lost > 0 && !isFailing() && hasRoom()) {
      add(new Segments.Line(RunLines.dropped(lost), 0));
      lost = 0;
    }
  }

  /** Returns whether lines wait for a disk. */
  boolean isFailing() {
    return !failure.isEmpty();
  }

  private void failed(IOException e) {
    failedAt = System.nanoTime();
    if (!isFailing()) {
      failure = String.valueOf(e.getMessage());
      listener.line(
          agent,
          Priority.ERROR,
          "Cannot write the history of runs to "
              + Segments.in(state)
              + ": "
              + failure
              + ". Events are handled as ever; mend that, or turn it off with --history=false");
    }
  }

  private void recovered() {
    if (isFailing()) {
      failure = "";
      listener.line(
          agent,
          Priority.NOTICE,
          "The history of runs is written again"
              + (lost == 0 ? ", and lacks nothing" : ", and lacks " + lost + " runs"));
      noteDropped();
      write();
    }
  }

  /** Writes what is left, and lets go of the files. */
  void close() {
    failedAt = System.nanoTime() - RETRY;
    write();
    Segments open = files;
    files = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        failed(e);
      }
    }
  }
}
