package org.nethserver.events.agent.journal;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;

/** A message that was heard, and was not held against the journal yet. */
public final class Heard {
  /** Its checked name; null for one that is refused, but counts. */
  final @Nullable Channel channel;

  final byte[] channelBytes;

  /** Null where the message was dropped unread: it counts, and is nobody's yet. */
  final @Nullable Payload payload;

  /** Null before the first marker of the subscription. */
  @Nullable Position position;

  final Instant time;
  private String ownId;

  /** Whether it went to the agents as it came. */
  boolean offered;

  /** Whether one of them had steps for it. */
  boolean taken;

  /**
   * Makes one that nobody was offered.
   *
   * @param ownId its id where it has no position
   */
  Heard(
      @Nullable Position position,
      @Nullable Channel channel,
      byte[] channelBytes,
      @Nullable Payload payload,
      String ownId,
      Instant time) {
    this.ownId = ownId;
    this.time = time;
    this.position = position;
    this.channel = channel;
    this.channelBytes = channelBytes;
    this.payload = payload;
  }

  /** Tells whether it goes to the agents that are live. */
  public boolean offered() {
    return offered;
  }

  /** Remembers that an agent had steps for it. */
  public void take() {
    taken = true;
  }

  /** Returns where it stands; null if that is not known. */
  public @Nullable Position position() {
    return position;
  }

  /** Returns when it came. */
  public Instant time() {
    return time;
  }

  /** Returns the id of the event: its position, if that is known. */
  public String id() {
    Position known = position;
    return known == null ? ownId : known.toString();
  }

  /** It turned out to be no entry: its position is another's, or nobody's. */
  void stray(String newId) {
    position = null;
    ownId = newId;
  }

  int size() {
    return channelBytes.length + (payload == null ? 0 : payload.size());
  }

  /** Tells whether it can be what is recorded: channel and bytes, as far as they are kept. */
  boolean isLike(Journal.Recorded recorded) {
    if (payload == null) {
      return Arrays.equals(channelBytes, recorded.channel());
    }
    boolean samePayload =
        recorded.withheld().isPresent()
            ? recorded.length() == payload.size()
            : recorded.payload().equals(payload);
    return samePayload && Arrays.equals(channelBytes, recorded.channel());
  }

  @Override
  public String toString() {
    return position + ":" + channel + (offered ? "o" : "") + (taken ? "t" : "");
  }
}
