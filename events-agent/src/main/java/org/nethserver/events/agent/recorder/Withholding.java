package org.nethserver.events.agent.recorder;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.api.Channel;

/**
 * Tells which events are recorded without their payload: those that hold secrets, and those that
 * somebody excludes.
 *
 * @param sensitive names of events
 * @param excluded channels
 */
public record Withholding(Set<String> sensitive, ChannelGlobs excluded)
    implements Function<byte[], Optional<String>> {
  private static final Optional<String> SENSITIVE = Optional.of("sensitive");
  private static final Optional<String> EXCLUDED = Optional.of("excluded");

  /** Copies the names. */
  public Withholding {
    sensitive = Set.copyOf(sensitive);
  }

  /** Says why a channel's payloads are not recorded; nothing if they are. */
  @Override
  public Optional<String> apply(byte[] channel) {
    // One char a byte: names of events are ASCII, whatever else a channel holds.
    String text = new String(channel, StandardCharsets.ISO_8859_1);
    int cut = text.indexOf(Channel.SEPARATOR);
    if (cut >= 0 && sensitive.contains(text.substring(cut + Channel.SEPARATOR.length()))) {
      return SENSITIVE;
    }
    return excluded.matches(channel) ? EXCLUDED : Optional.empty();
  }
}
