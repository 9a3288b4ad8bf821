package org.nethserver.events.redis;

import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Position;
import org.nethserver.events.redis.journal.Word;

/**
 * Counts what comes by one subscription from the last marker on, so that each event has the
 * position that recorders give it. The count is void where the subscription was interrupted. On the
 * event loop.
 */
final class Counting implements EventSink {
  private final Journal.Follower follower;

  /** Where the last event stood; null before the first marker of the subscription. */
  private @Nullable Position last;

  Counting(Journal.Follower follower) {
    this.follower = follower;
  }

  @Override
  public void subscribed() {
    last = null;
    follower.subscribed();
  }

  @Override
  public void unavailable(String why) {
    follower.unavailable(why);
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    Position before = last;
    if (Word.isOn(channel)) {
      Word.parse(payload).ifPresent(this::hear);
    } else if (before == null) {
      follower.received(channel, payload);
    } else {
      Position position = before.next();
      last = position;
      follower.received(position, channel, payload);
    }
  }

  private void hear(Word word) {
    switch (word) {
      case Word.Marker(String epoch, _) -> {
        last = new Position(epoch, 0);
        follower.marked(epoch);
      }
      case Word.Recorded(String epoch, var head) ->
          follower.recorded(epoch, head.position(), head.number());
    }
  }
}
