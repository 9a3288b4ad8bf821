package org.nethserver.events.agent.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Ids that no other process makes: random bits of this process and a running number. The dispatch
 * thread's alone.
 */
public final class UniqueIds implements Supplier<String> {
  /** 122 random bits. The JDK's own random numbers bring up its security providers. */
  private static final Path RANDOM = Path.of("/proc/sys/kernel/random/uuid");

  private final String prefix;
  private long made;

  /** Draws the random bits. */
  public UniqueIds() {
    try {
      this.prefix = Files.readString(RANDOM).strip().replace("-", "") + "-";
    } catch (IOException e) {
      throw new UncheckedIOException("no ids for events without " + RANDOM, e);
    }
  }

  /** Returns what all its ids begin with. */
  public String prefix() {
    return prefix;
  }

  @Override
  public String get() {
    return prefix + ++made;
  }
}
