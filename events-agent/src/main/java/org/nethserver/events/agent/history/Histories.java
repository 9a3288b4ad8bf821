package org.nethserver.events.agent.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.UniqueIds;

/**
 * The histories of the agents of this process.
 *
 * <p>Threads: {@link #open} any; all else the dispatch thread, or one before it starts and after
 * its end. Nothing here waits but {@link #close}.
 */
public final class Histories implements AutoCloseable {
  /** Hears what goes wrong, on the thread that writes, which may wait. */
  public interface Listener {
    /** A line about an agent. */
    void line(String agent, Priority priority, String text);
  }

  /** Makes sure of an agent's directory, before anything is written there. */
  public interface Preparation {
    /**
     * Makes the directory if it is not there.
     *
     * @throws IOException if it cannot be used; the message says what to do
     */
    void run() throws IOException;
  }

  private final Listener listener;
  private final UniqueIds keys = new UniqueIds();
  private final HistoryWriter writer = new HistoryWriter();

  /** By the ids of the agents. */
  private final Map<String, Recording> recordings = new ConcurrentHashMap<>();

  /** Keeps nobody's yet. */
  public Histories(Listener listener) {
    this.listener = listener;
  }

  /**
   * Keeps an agent's history from now on. Nothing is touched before its first run.
   *
   * @param state the agent's directory, for this process's user alone
   * @param preparation makes it, on the thread that writes
   */
  public void open(String agent, Path state, Preparation preparation) {
    recordings.computeIfAbsent(
        agent,
        id ->
            new Recording(
                new AgentHistory(
                    id, state, preparation, Segments.Bounds.DEFAULT, keys.prefix(), listener),
                writer,
                keys));
  }

  /** Returns what hears of an agent's runs, if its history is kept. */
  public Optional<RunListener> listener(String agent) {
    return Optional.ofNullable(recordings.get(agent));
  }

  /** An agent has nothing to run any more, and is gone. */
  public void forget(String agent) {
    Recording gone = recordings.remove(agent);
    if (gone != null) {
      gone.end();
    }
  }

  /** Writes what is left; nothing runs. Waits two seconds at most. */
  @Override
  public void close() {
    writer.close();
  }
}
