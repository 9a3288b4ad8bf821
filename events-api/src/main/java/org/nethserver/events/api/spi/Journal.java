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
   * Reads the last entries, in the order of publication; as {@link #read}.
   *
   * @param key the name of the journal
   * @param most how many entries at most
   * @return the entries
   * @throws IOException as in {@link #read}
   */
  List<Entry> last(String key, int most) throws IOException;

  /**
   * An entry of a journal.
   *
   * @param id what to go on after
   * @param time when it was recorded
   * @param number its number: entries have one after the other, without holes
   * @param position where it stands, for the journal's own purposes; also the id of the event
   * @param content what it holds
   */
  record Entry(String id, Instant time, long number, String position, Content content) {
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
