package org.nethserver.events.distribution.journal;

/** What a subscriber hears. */
sealed interface Message {
  /**
   * The serial tells events of one content apart, for the checks alone: no one in the model may
   * look at it.
   */
  record Event(char channel, char payload, int serial) implements Message {
    boolean sameContent(Event other) {
      return channel == other.channel && payload == other.payload;
    }

    @Override
    public String toString() {
      return "" + channel + payload + "#" + serial;
    }
  }

  record Marker(int epoch, int recorder, boolean whole) implements Message {}

  /** Entries up to this number were published before the marker, all others after it. */
  record Recorded(int epoch, Head head) implements Message {}
}
