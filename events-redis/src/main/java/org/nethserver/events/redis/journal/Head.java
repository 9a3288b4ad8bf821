package org.nethserver.events.redis.journal;

import org.nethserver.events.api.spi.Position;

/**
 * Where a journal ends.
 *
 * @param position up to where it is complete since its last gap
 * @param number that of its last entry; entries are numbered from 1 without holes
 */
public record Head(Position position, long number) {
  /** That of a journal without entries. */
  static final Head NONE = new Head(Position.NONE, 0);

  /** Whether a journal that ended at another could end here later, having lost nothing. */
  boolean follows(Head earlier) {
    return number > earlier.number || equals(earlier);
  }
}
