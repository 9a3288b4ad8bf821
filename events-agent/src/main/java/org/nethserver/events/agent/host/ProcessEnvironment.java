package org.nethserver.events.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nethserver.events.api.Variables;

/**
 * The variables that this process was started with, as the bytes they are: the JDK's own map
 * decodes them by the locale, which spoils what is not in it.
 */
public final class ProcessEnvironment {
  private ProcessEnvironment() {}

  /** Reads the variables. */
  public static Variables variables() {
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
