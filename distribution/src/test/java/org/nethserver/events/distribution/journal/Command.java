package org.nethserver.events.distribution.journal;

import java.util.List;

/** What is sent to a server; identity zero stands for any. */
sealed interface Command {
  record Item(Position position, Message.Event event) {
    @Override
    public String toString() {
      return event + "@" + position;
    }
  }

  record Mark(long identity, Message.Marker marker) implements Command {}

  record Append(long identity, Position after, List<Item> items) implements Command {}

  record Gap(long identity, Position expected, Position start) implements Command {}

  record Say(long identity, Message.Recorded recorded) implements Command {}

  record Read(Message.Recorded recorded) implements Command {}

  sealed interface Reply {}

  record Marked(int epoch, Head head, long identity) implements Reply {}

  record Appended(Head head) implements Reply {}

  record Mismatch(Head head) implements Reply {}

  /** The server is a replica, or not the primary that it was. */
  record Another() implements Reply {}

  record Refused() implements Reply {}

  record Said() implements Reply {}

  record Contents(Message.Recorded recorded, List<Entry> entries) implements Reply {}
}
