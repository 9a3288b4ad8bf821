package org.nethserver.events.redis.journal;

import java.util.List;
import org.nethserver.events.api.spi.Position;

/**
 * An event that waits to be recorded.
 *
 * @param position where it stands
 * @param fields names and values of its entry, one after the other, without the position
 * @param size how many bytes that is
 */
public record Item(Position position, List<byte[]> fields, long size) {
  /** Makes one and measures it. */
  static Item of(Position position, List<byte[]> fields) {
    return new Item(position, fields, fields.stream().mapToLong(field -> field.length).sum());
  }
}
