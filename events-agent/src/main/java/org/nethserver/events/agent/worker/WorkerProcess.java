package org.nethserver.events.agent.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.posix.ProcessGroup;
import org.nethserver.events.api.Outcome;

/**
 * A worker's process, from its start to its end, seen from the agent. Nothing that it says is
 * believed: what cannot be ends it.
 *
 * <p>Threads: {@code worker} starts it, reads what it says and sees its end; {@code worker-in}
 * writes what it is told; {@code worker-err} reads its standard error. So nobody who tells it
 * something waits. What lies in the queue is bounded by the places of the agent, as each call has
 * one.
 */
final class WorkerProcess {
  /** Hears of it, on its threads. */
  interface Listener {
    /** It has loaded plugins, for the first time or anew. */
    void loaded(WorkerProcess worker, FromWorker.Loaded loaded);

    /** A line for the log that is no call's; returns when the log has it. */
    void line(Priority priority, String text);

    /**
     * It is gone, and so are its calls.
     *
     * @param why what went wrong; null if it ended as it should
     */
    void gone(WorkerProcess worker, @Nullable String why);
  }

  /** How long it may take to load its plugins, whose constructors have ten seconds each. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How long it may take to end when it is told to. */
  private static final Duration END = Duration.ofSeconds(10);

  /** Calls whose threads may still write lines. */
  private static final int MAX_LATE = 256;

  private static final int MAX_ERROR_LINE = 2048;
  private static final int SIGNALLED = 128;

  private final ProcessBuilder command;
  private final Listener listener;
  private final BlockingQueue<Optional<ToWorker>> toTell = new LinkedBlockingQueue<>();
  private final Map<Long, WorkerCall> calls = new ConcurrentHashMap<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /** Of the reader alone. */
  private final Map<Long, WorkerCall> late =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, WorkerCall> eldest) {
          return size() > MAX_LATE;
        }
      };

  private volatile @Nullable Process process;
  private volatile boolean loaded;

  /** Why it was killed, if it was. */
  private volatile @Nullable String killed;

  /** It was told to end. */
  private volatile boolean dismissed;

  WorkerProcess(ProcessBuilder command, ToWorker.Begin begin, Listener listener) {
    this.command = command;
    this.listener = listener;
    toTell.add(Optional.of(begin));
  }

  void begin() {
    // The kernel ends the worker with the thread that has started it: this one stays.
    thread("worker", this::run);
    later(
        PATIENCE,
        () -> {
          if (!loaded) {
            kill("it did not load its plugins within " + PATIENCE.toSeconds() + " s");
          }
        });
  }

  /** A call is about to come. */
  void expect(WorkerCall call) {
    calls.put(call.start().call(), call);
  }

  void call(WorkerCall call) {
    tell(call.start());
    if (ended.isDone()) {
      // It went meanwhile: whoever comes first tells the end.
      fail(call);
    }
  }

  void tell(ToWorker message) {
    toTell.add(Optional.of(message));
  }

  boolean isIdle() {
    return calls.isEmpty();
  }

  /** Lets it end by itself; its calls have ended. */
  void dismiss() {
    dismissed = true;
    toTell.add(Optional.empty());
    later(END, () -> kill("it did not end when it was told to"));
  }

  /** Waits until it is gone. */
  void awaitEnd(Duration limit) {
    try {
      ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      kill("it did not end in time");
    }
  }

  /** Ends it at once, with all that its handlers have started. */
  void kill(String why) {
    if (killed == null && !ended.isDone()) {
      killed = why;
    }
    Process running = process;
    if (running != null && running.isAlive()) {
      ProcessGroup.kill(running.pid());
      running.destroyForcibly();
    }
  }

  private void run() {
    @Nullable String why = null;
    Outcome outcome = new Outcome.Failed(1);
    try {
      Process started = command.start();
      process = started;
      thread("worker-in", () -> write(started));
      thread("worker-err", () -> readErrors(started));
      if (killed != null) {
        kill("");
      }
      @Nullable String fault = read(started);
      if (fault != null) {
        kill(fault);
      }
      int code = end(started);
      outcome = code > SIGNALLED ? new Outcome.Killed(code - SIGNALLED) : outcome;
      why = why(code);
    } catch (IOException e) {
      why = "it cannot be started: " + e.getMessage();
    } finally {
      killed = why;
      toTell.add(Optional.empty());
      ended.complete(true);
      for (WorkerCall call : List.copyOf(calls.values())) {
        fail(call, outcome);
      }
      listener.gone(this, why);
    }
  }

  private @Nullable String why(int code) {
    String reason = killed;
    if (reason != null) {
      return reason + ", and was killed";
    }
    if (dismissed && code == 0) {
      return null;
    }
    return code > SIGNALLED
        ? "it was ended by signal " + (code - SIGNALLED)
        : "it ended with code " + code;
  }

  private int end(Process started) {
    try {
      if (!started.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        kill("it closed its output and did not end");
        return started.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return started.exitValue();
  }

  /** Reads to the end, or to what cannot be: then says what. */
  private @Nullable String read(Process started) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(started.getInputStream()));
    try {
      FromWorker message;
      while ((message = Wire.readFromWorker(in)) != null) {
        take(message);
      }
      return null;
    } catch (IOException e) {
      return "it sent what no worker sends (" + e.getMessage() + ")";
    }
  }

  private void take(FromWorker message) throws IOException {
    switch (message) {
      case FromWorker.Loaded now -> {
        loaded = true;
        listener.loaded(this, now);
      }
      case FromWorker.Complaint complaint -> listener.line(Priority.ERROR, complaint.text());
      case FromWorker.Output output -> {
        WorkerCall call = calls.getOrDefault(output.call(), late.get(output.call()));
        if (call != null) {
          call.output(output.stream(), output.line());
        }
      }
      case FromWorker.Ended end -> {
        WorkerCall call = calls.remove(end.call());
        if (call == null) {
          throw new IOException("the end of a call that there is not");
        }
        late.put(end.call(), call);
        call.ended(end.outcome());
      }
    }
  }

  private void fail(WorkerCall call) {
    fail(call, new Outcome.Failed(1));
  }

  private void fail(WorkerCall call, Outcome outcome) {
    if (calls.remove(call.start().call()) != null) {
      String why = killed;
      call.failed(
          "The worker, which calls handlers in Java, is gone: "
              + (why == null ? "it was ending" : why),
          outcome);
    }
  }

  private void write(Process started) {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(started.getOutputStream()))) {
      Optional<ToWorker> message;
      while ((message = toTell.take()).isPresent()) {
        Wire.write(out, message.get());
        if (toTell.isEmpty()) {
          out.flush();
        }
      }
    } catch (IOException e) {
      // It is gone or going: its reader sees that.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its lines, marked as what they are: anybody's. */
  private void readErrors(Process started) {
    byte[] line = new byte[MAX_ERROR_LINE];
    int length = 0;
    try (InputStream in = new BufferedInputStream(started.getErrorStream())) {
      int read;
      while ((read = in.read()) >= 0) {
        if (read == '\n' || length == line.length) {
          tell(Arrays.copyOf(line, length));
          length = 0;
        }
        if (read != '\n') {
          line[length++] = (byte) read;
        }
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private void tell(byte[] line) {
    Optional<Priority> priority = Priority.leading(line);
    int from = priority.isPresent() ? Priority.PREFIX : 0;
    String text = new String(line, from, line.length - from, StandardCharsets.UTF_8);
    listener.line(priority.orElse(Priority.INFO), "worker: " + text);
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void later(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(task);
  }
}
