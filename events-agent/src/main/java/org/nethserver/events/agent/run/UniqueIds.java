package org.nethserver.events.agent.run;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Ids that no other process makes: random bits of this process and a running number. The dispatch
 * thread's alone.
 */
public final class UniqueIds implements Supplier<String> {
  private final String prefix;
  private long made;

  /** Draws the random bits. */
  public UniqueIds() {
    byte[] bits = new byte[16];
    new SecureRandom().nextBytes(bits);
    this.prefix = HexFormat.of().formatHex(bits) + "-";
  }

  @Override
  public String get() {
    return prefix + ++made;
  }
}
