package org.nethserver.events.redis.journal;

import java.util.List;
import org.nethserver.events.api.spi.Position;

/**
 * What a recorder asks of the primary. Each is answered later by {@link Recording#reply}, in the
 * order of the calls. An empty identity stands for any primary.
 */
public interface JournalCommands {
  /** Publishes the marker of an epoch. */
  void mark(String identity, String epoch, boolean whole);

  /** Appends items in order, the first of which follows a position. */
  void append(String identity, Position after, List<Item> items);

  /** Appends a gap behind the expected end; the journal is complete again after a position. */
  void gap(String identity, Position expected, Position start);

  /** Tells where the journal ended at a marker. */
  void say(String identity, Word.Recorded word);
}
