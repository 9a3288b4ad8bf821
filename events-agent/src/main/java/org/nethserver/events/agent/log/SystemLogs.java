package org.nethserver.events.agent.log;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.nethserver.events.agent.systemd.UnixDatagram;

/** Chooses the system log: the journal where systemd has connected this process to it. */
public final class SystemLogs {
  private static final String JOURNAL = "/run/systemd/journal/socket";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private SystemLogs() {}

  /**
   * Opens the log.
   *
   * @param environment the process's; {@code JOURNAL_STREAM} tells which descriptor leads to
   *     journald
   * @param identifier the syslog identifier: see {@link #identifier}
   */
  public static SystemLog open(Map<String, String> environment, String identifier) {
    Path journal = Path.of(JOURNAL);
    return underSystemd(environment) && Files.exists(journal)
        ? journal(journal, identifier)
        : plain();
  }

  /**
   * Opens the journal, or plain lines if the system grants no socket.
   *
   * @param socket journald's
   * @param identifier the syslog identifier
   */
  static SystemLog journal(Path socket, String identifier) {
    var stderr = Standard.of(2);
    var out = new LineOutput(FileDescriptor.err, new ReentrantLock());
    var fallback = new PlainLog(out, stderr.isTerminal(), out);
    try {
      return new JournalLog(
          new UnixDatagram(socket.toString(), JournalEntry.MAX_BYTES),
          identifier,
          fallback,
          PATIENCE);
    } catch (IOException e) {
      SystemLog plain = plain();
      plain.agent(Priority.WARNING, "No native journal, plain lines instead: " + e.getMessage());
      return plain;
    }
  }

  /** Opens plain lines: those of steps on stdout, those of the agent on stderr. */
  public static SystemLog plain() {
    var stdout = Standard.of(1);
    var stderr = Standard.of(2);
    var lock = new ReentrantLock();
    return new PlainLog(
        new LineOutput(FileDescriptor.out, lock),
        stdout.isTerminal(),
        new LineOutput(FileDescriptor.err, stdout.isSameAs(stderr) ? lock : new ReentrantLock()));
  }

  /**
   * The identifier under which NS8 shows an agent's lines: {@code agent@traefik1} for {@code
   * module/traefik1}, {@code agent@node} for {@code node/3}, {@code agent@cluster} for {@code
   * cluster}.
   *
   * @param agentId the agent's id
   */
  public static String identifier(String agentId) {
    return "agent@"
        + (agentId.startsWith("module/")
            ? agentId.substring("module/".length())
            : agentId.startsWith("node/") ? "node" : agentId);
  }

  /** A variable alone proves nothing: processes inherit it whose output leads elsewhere. */
  private static boolean underSystemd(Map<String, String> environment) {
    String stream = environment.getOrDefault("JOURNAL_STREAM", "");
    return !stream.isEmpty()
        && (stream.equals(Standard.of(2).journalStream())
            || stream.equals(Standard.of(1).journalStream()));
  }
}
