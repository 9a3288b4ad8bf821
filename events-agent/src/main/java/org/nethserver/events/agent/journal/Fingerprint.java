package org.nethserver.events.agent.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.spi.Journal;

/**
 * What tells an event from another at the same position. Two checksums are enough: only where an
 * epoch was heard otherwise than it was recorded do they decide anything.
 *
 * @param channel that of the channel
 * @param length how many bytes the payload has
 * @param payload two of the payload
 * @param whole false where the payload is not known
 */
record Fingerprint(int channel, long length, long payload, boolean whole) {
  private static final int HEX = 16;
  private static final String UNKNOWN = "?";

  static Fingerprint of(byte[] channel, ByteBuffer payload) {
    return new Fingerprint(of(channel), payload.remaining(), of(payload), true);
  }

  static Fingerprint of(Event event) {
    return of(
        event.channel().toString().getBytes(StandardCharsets.UTF_8), event.payload().buffer());
  }

  static Fingerprint of(Journal.Recorded recorded) {
    return recorded.withheld().isPresent()
        ? new Fingerprint(of(recorded.channel()), recorded.length(), 0, false)
        : of(recorded.channel(), recorded.payload().buffer());
  }

  private static int of(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  private static long of(ByteBuffer bytes) {
    CRC32 one = new CRC32();
    one.update(bytes.duplicate());
    CRC32C other = new CRC32C();
    other.update(bytes.duplicate());
    return one.getValue() << Integer.SIZE | other.getValue();
  }

  /** Tells whether both can be of one event. */
  boolean agrees(Fingerprint other) {
    return channel == other.channel
        && length == other.length
        && (payload == other.payload || !whole || !other.whole);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Fingerprint parse(String text) {
    String[] parts = text.split("-", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("no fingerprint: " + text);
    }
    boolean whole = !parts[2].equals(UNKNOWN);
    return new Fingerprint(
        Integer.parseUnsignedInt(parts[0], HEX),
        Long.parseLong(parts[1], HEX),
        whole ? Long.parseUnsignedLong(parts[2], HEX) : 0,
        whole);
  }

  @Override
  public String toString() {
    return Integer.toHexString(channel)
        + "-"
        + Long.toHexString(length)
        + "-"
        + (whole ? Long.toHexString(payload) : UNKNOWN);
  }
}
