package org.nethserver.events.agent.journal;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.nethserver.events.api.spi.Journal;

/**
 * Reads the journal, later and elsewhere; what comes of it is brought back to the dispatch thread,
 * in the order of the calls. Goes on trying until it can be read.
 */
public interface JournalReading {
  /** Reads entries, the first being that at the place if it is there. */
  void from(Place place, int most, Consumer<List<Journal.Entry>> reply);

  /** Reads the last entries, in order. */
  void last(int most, Consumer<List<Journal.Entry>> reply);

  /** Looks for the first of some places that is there; and for the very first entry. */
  void find(List<Place> places, BiConsumer<Optional<Place>, Optional<Journal.Entry>> reply);
}
