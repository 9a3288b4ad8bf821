package org.nethserver.events.agent.log;

import java.util.Map;
import org.nethserver.events.agent.systemd.UnixDatagram;

/**
 * Takes the lines of the agent and of its steps. Thread-safe; a call returns when the line is with
 * the operating system, and may block while that does. It throws nothing: what cannot be written is
 * dropped and counted.
 */
public interface SystemLog extends AutoCloseable {
  /**
   * The field by which people tell the programs apart whose lines a log holds. Among the fields of
   * a line it replaces the log's own identifier, and stands before a plain line: {@code
   * agent@traefik1: …}.
   */
  String IDENTIFIER = "SYSLOG_IDENTIFIER";

  /**
   * Writes a line of the agent itself.
   *
   * @param priority its priority
   * @param fields journal fields beside the message, such as {@code AGENT_EVENT_NAME}; not shown in
   *     plain lines, but for {@link #IDENTIFIER}
   * @param text one line without newline; control characters are escaped here, and what is beyond
   *     48 KiB is cut
   */
  void agent(Priority priority, Map<String, String> fields, String text);

  /**
   * Writes a line that a step wrote. A leading {@code <N>} sets its priority.
   *
   * @param fields journal fields beside the message, as above
   * @param line the line's bytes without newline, perhaps no UTF-8
   */
  void step(Map<String, String> fields, byte[] line);

  /** Writes a line of the agent itself that belongs to no event. */
  default void agent(Priority priority, String text) {
    agent(priority, Map.of(), text);
  }

  /**
   * Returns this log for lines of somebody else, whom journald then takes for their sender: {@code
   * _UID} is that user's. Plain lines are as they are.
   *
   * @param sender whose lines
   */
  default SystemLog of(UnixDatagram.Sender sender) {
    return this;
  }

  /** How many lines were dropped so far. */
  default long dropped() {
    return 0;
  }

  /** Frees what the log holds; writes nothing more. */
  @Override
  void close();
}
