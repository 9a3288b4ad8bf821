package org.nethserver.events.agent.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nethserver.events.api.Channel;

/**
 * Some channels, by globs as people write them: {@code *} is any text and {@code ?} any character,
 * slashes included; a glob without {@code /event/} is one of event names.
 *
 * @param patterns what any of has to match a whole channel, one character a byte
 */
public record ChannelGlobs(List<Pattern> patterns) {
  /** Copies the list. */
  public ChannelGlobs {
    patterns = List.copyOf(patterns);
  }

  /** Reads globs. */
  public static ChannelGlobs of(List<String> globs) {
    return new ChannelGlobs(
        globs.stream().map(ChannelGlobs::channel).map(ChannelGlobs::pattern).toList());
  }

  /** Returns a glob of whole channels. */
  public static String channel(String glob) {
    return glob.contains(Channel.SEPARATOR) ? glob : "*" + Channel.SEPARATOR + glob;
  }

  private static Pattern pattern(String glob) {
    String bytes = new String(glob.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Pattern.compile(
        bytes
            .chars()
            .mapToObj(
                letter ->
                    switch (letter) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(letter));
                    })
            .collect(Collectors.joining()),
        Pattern.DOTALL);
  }

  /** Whether a channel is one of them; none is if there are no globs. */
  public boolean matches(byte[] channel) {
    String text = new String(channel, StandardCharsets.ISO_8859_1);
    return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
  }
}
