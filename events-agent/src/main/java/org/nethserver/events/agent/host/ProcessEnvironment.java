package org.nethserver.events.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nethserver.events.api.Variables;

/**
 * The variables that this process was started with, as the bytes they are: the JDK's own map
 * decodes them by the locale, which spoils what is not in it.
 */
public final class ProcessEnvironment {
  /**
   * Where the launcher leaves the {@code LC_ALL} that it was given, an equals sign before it, or
   * nothing if none was. The JVM has one of the launcher's instead, to read arguments as UTF-8.
   */
  static final String GIVEN_LOCALE = "EVENTS_GIVEN_LC_ALL";

  private static final String LOCALE = "LC_ALL";

  private ProcessEnvironment() {}

  /** Reads the variables, as the launcher was given them. */
  public static Variables variables() {
    return given(read());
  }

  /** Takes back what the launcher changed; without a launcher, nothing. */
  static Variables given(Variables variables) {
    Optional<String> locale = variables.value(GIVEN_LOCALE);
    if (locale.isEmpty()) {
      return variables;
    }
    Variables others = variables.without(Set.of(GIVEN_LOCALE, LOCALE));
    return locale.get().isEmpty() ? others : others.with(LOCALE, locale.get().substring(1));
  }

  private static Variables read() {
    byte[] block;
    try {
      block = Files.readAllBytes(Path.of("/proc/self/environ"));
    } catch (IOException e) {
      throw new UncheckedIOException("/proc is not mounted, which the agent needs", e);
    }
    List<byte[]> entries = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < block.length; i++) {
      if (block[i] == 0) {
        entries.add(Arrays.copyOfRange(block, start, i));
        start = i + 1;
      }
    }
    return Variables.of(entries);
  }
}
