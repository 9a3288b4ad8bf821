package org.nethserver.events.api.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A {@link Transport} that can keep a journal of all events, for agents that missed some. The
 * journal is one for all recorders of a place; two or more of them lose nothing when one ends.
 */
public interface Recorder {
  /**
   * Begins to record all events. Called at most once, and instead of {@link Transport#subscribe}.
   * Returns at once; goes on until the transport is closed.
   *
   * @param plan what to keep, and for how long
   * @param listener whom to tell
   */
  void record(Plan plan, Listener listener);

  /**
   * What a recorder keeps.
   *
   * @param key the name of the journal, such as {@code cluster/events}
   * @param events how many entries
   * @param bytes how many bytes of entries
   * @param age for how long
   * @param largest how large a payload is stored; of a larger one length and digest are
   * @param withheld tells of a channel's bytes why its payloads are not stored, if so, in a word
   */
  record Plan(
      String key,
      long events,
      long bytes,
      Duration age,
      int largest,
      Function<byte[], Optional<String>> withheld) {
    /** Refuses null. */
    public Plan {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(age, "age");
      Objects.requireNonNull(withheld, "withheld");
    }
  }

  /** In what state a recorder is. */
  enum State {
    /** It is not connected, or nobody has answered yet. */
    CONNECTING,

    /** It hears all, but writes are another's: this is no primary. */
    IDLE,

    /** It keeps what it hears, and does not know yet what that follows on in the journal. */
    JOINING,

    /** All that it hears is recorded. */
    RECORDING
  }

  /** Whom a recorder tells, on the transport's thread. No method blocks or throws. */
  interface Listener {
    /**
     * The state has changed, or the reason for it.
     *
     * @param state the new one
     * @param why the reason and, where there is one, the cure, in one line; empty where there is
     *     nothing to say
     */
    void changed(State state, String why);

    /**
     * Something is wrong, and may be lost; told once, until it changes.
     *
     * @param what what, why, and what to do, in one line without secrets
     */
    void warning(String what);

    /**
     * Something that was wrong is no longer.
     *
     * @param what what
     */
    void relief(String what);

    /**
     * A gap was put into the journal: before it events may be missing.
     *
     * @param why the reason
     */
    void gap(String why);
  }
}
