package org.nethserver.events.api.spi;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nethserver.events.api.Payload;

/** A {@link Transport} whose events can be read later, where a {@link Recorder} keeps them. */
public interface Journal {
  /**
   * Reads entries in the order of publication. Blocks up to some seconds; any thread but the
   * transport's.
   *
   * @param key the name of the journal
   * @param after the id of the entry to go on after; one that is there no more stands for its time;
   *     empty for the beginning
   * @param most how many entries at most
   * @return the entries, none if there are no later ones, or no such journal
   * @throws IOException if it cannot be read; the message says what, where, why and what to do
   */
  List<Entry> read(String key, String after, int most) throws IOException;

  /**
   * Reads entries as {@link #read} does, but begins with that of the id, if it is still there.
   *
   * @param key the name of the journal
   * @param id the id to begin with; empty for the beginning
   * @param most how many entries at most
   * @return the entries
   * @throws IOException as in {@link #read}
   */
  List<Entry> readFrom(String key, String id, int most) throws IOException;

  /**
   * Reads the last entries, in the order of publication; as {@link #read}.
   *
   * @param key the name of the journal
   * @param most how many entries at most
   * @return the entries
   * @throws IOException as in {@link #read}
   */
  List<Entry> last(String key, int most) throws IOException;

  /**
   * Begins to bring events, as {@link Transport#subscribe} does and instead of it, and tells where
   * they stand in the journal that recorders keep meanwhile.
   *
   * @param patterns as in {@link Transport#subscribe}
   * @param follower whom to bring them to
   */
  void follow(List<String> patterns, Follower follower);

  /** Takes what is published, in the order of publication, and what recorders say of it. */
  interface Follower extends EventSink {
    /**
     * A message came whose position is known; for one whose position is not, {@link
     * EventSink#received(byte[], byte[])} is called.
     *
     * @param position where it stands, if nothing was lost on the way since the last marker
     * @param channel as there
     * @param payload as there
     */
    void received(Position position, byte[] channel, byte[] payload);

    /**
     * An epoch begins.
     *
     * @param epoch its name
     */
    void marked(String epoch);

    /**
     * A recorder says how far the journal went: all entries up to one were published before a
     * marker, all later ones after it. There were no entries if the number is 0.
     *
     * @param epoch the epoch that the marker began, which may not have been heard here
     * @param position that of the entry
     * @param number that of the entry
     */
    void recorded(String epoch, Position position, long number);
  }

  /**
   * An entry of a journal.
   *
   * @param id what to go on after
   * @param time when it was recorded
   * @param number its number: entries have one after the other, without holes
   * @param position where it stands; also the id of the event
   * @param content what it holds
   */
  record Entry(String id, Instant time, long number, Position position, Content content) {
    /** Refuses null. */
    public Entry {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(time, "time");
      Objects.requireNonNull(position, "position");
      Objects.requireNonNull(content, "content");
    }
  }

  /** What an entry holds. */
  sealed interface Content {}

  /** Before this one, events may be missing. */
  record Gap() implements Content {}

  /**
   * An event. Its channel is hostile until it is parsed.
   *
   * @param channel the channel's bytes; the caller's from now on
   * @param payload as it was published; empty if it was withheld
   * @param withheld why it was, in a word; empty if it is there
   * @param length how many bytes were published
   */
  record Recorded(byte[] channel, Payload payload, Optional<String> withheld, long length)
      implements Content {}
}
