package org.nethserver.events.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The two checked halves of a channel {@code <source>/event/<name>}.
 *
 * @param source who tells of the event
 * @param name what happened
 */
public record Channel(EventSource source, EventName name) {
  /** What stands between source and name. */
  public static final String SEPARATOR = "/event/";

  /** The pattern of all channels of events, as {@code PSUBSCRIBE} takes it. */
  public static final String PATTERN = "*/event/*";

  /** Refuses null. */
  public Channel {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(name, "name");
  }

  /**
   * Cuts a channel at its first {@code /event/} and checks both halves.
   *
   * @param channel the channel's bytes as they came from the wire
   * @return the checked channel
   * @throws IllegalArgumentException if it is no channel of events; the message says why in plain
   *     ASCII, without quoting the channel, which may be hostile
   */
  public static Channel parse(byte[] channel) {
    // One char a byte: whatever is not ASCII stays outside the alphabet and is refused.
    return parse(new String(channel, StandardCharsets.ISO_8859_1));
  }

  /**
   * Cuts a channel at its first {@code /event/} and checks both halves.
   *
   * @param channel the channel's text
   * @return the checked channel
   * @throws IllegalArgumentException as in {@link #parse(byte[])}
   */
  public static Channel parse(String channel) {
    int cut = channel.indexOf(SEPARATOR);
    if (cut < 0) {
      throw new IllegalArgumentException("the channel has no \"/event/\" between source and name");
    }
    return new Channel(
        new EventSource(channel.substring(0, cut)),
        new EventName(channel.substring(cut + SEPARATOR.length())));
  }

  /** Returns {@code <source>/event/<name>}. */
  @Override
  public String toString() {
    return source.text() + SEPARATOR + name.text();
  }
}
