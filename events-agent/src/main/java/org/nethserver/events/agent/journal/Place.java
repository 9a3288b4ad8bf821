package org.nethserver.events.agent.journal;

import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;

/**
 * An entry of the journal, as it is remembered. Three things tell it from an entry of another
 * journal that lies under the same key by now: number and position can come again, the time in the
 * id does not.
 *
 * @param id its id
 * @param position where its event stands
 * @param number its number
 */
public record Place(String id, Position position, long number) {
  /** Before the first entry. */
  public static final Place START = new Place("0-0", Position.NONE, 0);

  public static Place of(Journal.Entry entry) {
    return new Place(entry.id(), entry.position(), entry.number());
  }

  /** Reads what {@link #toString} writes. */
  public static Place parse(String id, String position) {
    return new Place(id, Position.parse(position), numberOf(id));
  }

  /** Returns the number of an entry, which its id ends with. */
  static long numberOf(String id) {
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }

  boolean isStart() {
    return equals(START);
  }

  @Override
  public String toString() {
    return id + " " + position;
  }
}
