package org.nethserver.events.agent.recorder;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.IdleCollection;
import org.nethserver.events.agent.log.LibraryLog;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.log.SystemLog;
import org.nethserver.events.agent.log.SystemLogs;
import org.nethserver.events.agent.systemd.Notifier;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.api.spi.Transport;

/**
 * The daemon that records: it obeys signals, writes to the system log, and tells systemd how it
 * fares.
 *
 * <p>Threads: {@link #run} is the main thread's, which waits there; signals come on threads of the
 * JDK.
 */
public final class RecorderProcess {
  private static final String IDENTIFIER = "events-recorder";

  /**
   * How often it looks what a flood has left. In the midst of one that is too seldom to slow it:
   * all stands still for the time of a collection.
   */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<@Nullable ProcessSignal> deadly = new AtomicReference<>();

  private RecorderProcess() {}

  /**
   * Records until a signal ends it. Does not return where that signal is one that kills.
   *
   * @param transport closed at the end
   * @param recorder what of the transport records
   * @param plan what to keep
   * @return the exit code
   * @throws IOException if systemd waits on a socket that cannot be reached
   */
  public static int run(Transport transport, Recorder recorder, Recorder.Plan plan)
      throws IOException {
    try (SystemLog log = SystemLogs.open(System.getenv(), IDENTIFIER);
        Notifier notifier = Notifier.open(System.getenv())) {
      LibraryLog.install(log, System.getenv());
      return new RecorderProcess().run(transport, recorder, plan, log, notifier);
    }
  }

  private int run(
      Transport transport,
      Recorder recorder,
      Recorder.Plan plan,
      SystemLog log,
      Notifier notifier) {
    ProcessSignal.TERM.onReceipt(() -> stop(ProcessSignal.TERM));
    ProcessSignal.INT.onReceipt(() -> stop(ProcessSignal.INT));
    String journal = plan.key() + " at " + transport.address();
    notifier.status("Connecting to " + transport.address());
    recorder.record(plan, new Reports(log, notifier, journal));
    Duration pause =
        Notifier.watchdogTimeout(System.getenv())
            .map(timeout -> timeout.dividedBy(3))
            .filter(due -> due.compareTo(LOOK) < 0)
            .orElse(LOOK);
    IdleCollection collection = new IdleCollection();
    try {
      while (!stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        transport.answer(notifier::watchdog);
        collection.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    notifier.stopping("Ending");
    transport.close();
    log.agent(Priority.INFO, "Stopped recording to " + journal);
    ProcessSignal signal = deadly.get();
    if (signal != null) {
      signal.die();
    }
    return 0;
  }

  private void stop(ProcessSignal signal) {
    deadly.compareAndSet(null, signal);
    stopped.countDown();
  }

  /** Writes what becomes of it, on the transport's thread. */
  private record Reports(SystemLog log, Notifier notifier, String journal)
      implements Recorder.Listener {
    @Override
    public void changed(Recorder.State state, String why) {
      switch (state) {
        case CONNECTING -> {
          log.agent(Priority.WARNING, "Not recording: " + why + ". Trying again.");
          notifier.status("Not recording: " + why);
        }
        case IDLE -> ready("Not recording here: " + why);
        case JOINING -> {
          log.agent(Priority.INFO, "Joining " + journal + ": " + why);
          notifier.status("Joining: " + why);
        }
        case RECORDING -> ready("Recording to " + journal);
      }
    }

    private void ready(String text) {
      log.agent(Priority.INFO, text);
      notifier.ready(text);
    }

    @Override
    public void warning(String what) {
      log.agent(Priority.WARNING, capitalized(what));
    }

    @Override
    public void relief(String what) {
      log.agent(Priority.INFO, capitalized(what));
    }

    @Override
    public void gap(String why) {
      log.agent(
          Priority.WARNING,
          "A gap begins "
              + journal
              + " anew, since "
              + why
              + ": what was published before may be missing in it");
    }

    private static String capitalized(String text) {
      return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
  }
}
