package org.nethserver.events.redis.journal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nethserver.events.api.spi.Position;

/** What recorders tell each other, and the agents, on the channel {@link #CHANNEL}. */
public sealed interface Word {
  /** Where words are published. */
  String CHANNEL = "events/epoch";

  /**
   * {@code epoch E whole} or {@code epoch E joining}: an epoch begins here.
   *
   * @param epoch its name
   * @param whole whether its recorder knows what the journal lacks
   */
  record Marker(String epoch, boolean whole) implements Word {}

  /**
   * {@code recorded E POSITION NUMBER}: entries up to this number were published before the marker,
   * all later ones after it.
   *
   * @param epoch the marker's name
   * @param head where the journal ended
   */
  record Recorded(String epoch, Head head) implements Word {}

  /** Tells whether messages of a channel are words. */
  static boolean isOn(byte[] channel) {
    return channel.length == CHANNEL.length()
        && CHANNEL.equals(new String(channel, StandardCharsets.ISO_8859_1));
  }

  /** Reads a message; empty if it is nothing that a recorder says. */
  static Optional<Word> parse(byte[] message) {
    String[] parts = new String(message, StandardCharsets.ISO_8859_1).split(" ", -1);
    try {
      if (parts.length == 3 && parts[0].equals("epoch") && !parts[1].isEmpty()) {
        return switch (parts[2]) {
          case "whole" -> Optional.of(new Marker(parts[1], true));
          case "joining" -> Optional.of(new Marker(parts[1], false));
          default -> Optional.empty();
        };
      }
      if (parts.length == 4 && parts[0].equals("recorded")) {
        Head head = new Head(Position.parse(parts[2]), Long.parseLong(parts[3]));
        return Optional.of(new Recorded(parts[1], head));
      }
    } catch (IllegalArgumentException _) {
      // Somebody else's: it is nothing to us.
    }
    return Optional.empty();
  }
}
