package org.nethserver.events.agent.log;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.nethserver.events.agent.systemd.Patience;
import org.nethserver.events.agent.systemd.UnixDatagram;

/**
 * Entries in the system journal. A line waits, within a bound, while journald has no room or is
 * being started again. After that journald counts as away: until it takes a line again, each is
 * offered once and goes to the fallback, so that a dead journald slows no handler down. What went
 * there is told in the journal on its return.
 */
final class JournalLog implements SystemLog {
  private final UnixDatagram journal;
  private final String identifier;
  private final SystemLog fallback;
  private final Duration patience;

  /** Guards {@link #entry}; never held while waiting, since sending does not wait. */
  private final ReentrantLock lock = new ReentrantLock();

  private final JournalEntry entry = new JournalEntry();

  /** Lines that journald did not take since it was last there; zero means it is there. */
  private final AtomicLong missed = new AtomicLong();

  private final LongAdder dropped = new LongAdder();

  /**
   * Takes over socket and fallback, and closes both.
   *
   * @param journal journald's socket
   * @param identifier the syslog identifier, such as {@code agent@traefik1}
   * @param fallback for what journald does not take
   * @param patience how long one line waits at most
   */
  JournalLog(UnixDatagram journal, String identifier, SystemLog fallback, Duration patience) {
    this.journal = journal;
    this.identifier = identifier;
    this.fallback = fallback;
    this.patience = patience;
  }

  @Override
  public void agent(Priority priority, Map<String, String> fields, String text) {
    agent(Optional.empty(), priority, fields, text);
  }

  @Override
  public void step(Map<String, String> fields, byte[] line) {
    step(Optional.empty(), fields, line);
  }

  @Override
  public SystemLog of(UnixDatagram.Sender sender) {
    return new OfSender(sender);
  }

  private void agent(
      Optional<UnixDatagram.Sender> sender,
      Priority priority,
      Map<String, String> fields,
      String text) {
    int error = offer(sender, priority, fields, AgentLine.of(text), 0);
    if (error != UnixDatagram.SENT && passesOn(error)) {
      fallback.agent(priority, fields, text);
    }
  }

  private void step(Optional<UnixDatagram.Sender> sender, Map<String, String> fields, byte[] line) {
    var leading = Priority.leading(line);
    int error =
        offer(
            sender,
            leading.orElse(Priority.INFO),
            fields,
            line,
            leading.isPresent() ? Priority.PREFIX : 0);
    if (error != UnixDatagram.SENT && passesOn(error)) {
      fallback.step(fields, line);
    }
  }

  @Override
  public long dropped() {
    return dropped.sum() + fallback.dropped();
  }

  @Override
  public void close() {
    journal.close();
    fallback.close();
  }

  private int offer(
      Optional<UnixDatagram.Sender> sender,
      Priority priority,
      Map<String, String> fields,
      byte[] line,
      int from) {
    int error = send(sender, priority, fields, line, from);
    if (error == UnixDatagram.SENT) {
      if (missed.get() > 0) {
        tellReturn();
      }
      return error;
    }
    if (missed.get() > 0) {
      missed.incrementAndGet();
      return error;
    }
    var waiting = new Patience(patience);
    while (isPassing(error) && waiting.pause()) {
      error = send(sender, priority, fields, line, from);
    }
    if (isPassing(error)) {
      missed.incrementAndGet();
    }
    return error;
  }

  private int send(
      Optional<UnixDatagram.Sender> sender,
      Priority priority,
      Map<String, String> fields,
      byte[] line,
      int from) {
    lock.lock();
    try {
      entry.begin(priority);
      if (!fields.containsKey(IDENTIFIER)) {
        entry.field(IDENTIFIER, identifier);
      }
      entry.fields(fields);
      entry.message(line, from);
      if (sender.isPresent()) {
        int error = journal.send(entry.bytes(), entry.length(), sender.get());
        if (error != UnixDatagram.EPERM) {
          return error;
        }
        // Without root's rights the line is better in the wrong name than not there.
      }
      return journal.send(entry.bytes(), entry.length());
    } finally {
      lock.unlock();
    }
  }

  private void tellReturn() {
    long lines = missed.getAndSet(0);
    if (lines > 0) {
      byte[] text =
          AgentLine.of(
              "The journal did not take " + lines + " lines; they are on stderr or were dropped");
      int _ = send(Optional.empty(), Priority.WARNING, Map.of(), text, 0);
    }
  }

  /** Journald is there but does not read: under systemd stderr leads to it too and would block. */
  private boolean passesOn(int error) {
    if (isFull(error)) {
      dropped.increment();
      return false;
    }
    return true;
  }

  private static boolean isPassing(int error) {
    return isFull(error) || error == UnixDatagram.ENOENT || error == UnixDatagram.ECONNREFUSED;
  }

  private static boolean isFull(int error) {
    return error == UnixDatagram.EAGAIN
        || error == UnixDatagram.ENOBUFS
        || error == UnixDatagram.ENOMEM;
  }

  /** The lines of one user among those of the whole process, which closes the log. */
  private final class OfSender implements SystemLog {
    private final Optional<UnixDatagram.Sender> sender;

    OfSender(UnixDatagram.Sender sender) {
      this.sender = Optional.of(sender);
    }

    @Override
    public void agent(Priority priority, Map<String, String> fields, String text) {
      JournalLog.this.agent(sender, priority, fields, text);
    }

    @Override
    public void step(Map<String, String> fields, byte[] line) {
      JournalLog.this.step(sender, fields, line);
    }

    @Override
    public void close() {}
  }
}
