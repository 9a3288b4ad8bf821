package org.nethserver.events.distribution.journal;

import org.jspecify.annotations.Nullable;

/** An entry of the journal; a gap has no message, and says that some may be missing before it. */
record Entry(long number, Position position, Message.@Nullable Event event) {
  boolean gap() {
    return event == null;
  }

  @Override
  public String toString() {
    return number + "=" + (gap() ? "gap" : event) + "@" + position;
  }
}
