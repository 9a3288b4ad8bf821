package org.nethserver.events.exec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The file names that are no steps: what editors and package managers leave beside them. */
final class PassedOverNames {
  private static final List<String> ENDINGS =
      List.of(
          "~",
          ".rpmsave",
          ".rpmnew",
          ".rpmorig",
          ".swp",
          ".bak",
          ".dpkg-old",
          ".dpkg-new",
          ".dpkg-dist");

  private static final byte[][] ENDING_BYTES =
      ENDINGS.stream()
          .map(ending -> ending.getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  private PassedOverNames() {}

  /** Returns why a file of this name is no step, if it is none. */
  static Optional<String> reason(byte[] name) {
    if (name[0] == '.') {
      return Optional.of("its name begins with \".\"");
    }
    for (int i = 0; i < ENDING_BYTES.length; i++) {
      if (endsWith(name, ENDING_BYTES[i])) {
        return Optional.of("its name ends in \"" + ENDINGS.get(i) + "\"");
      }
    }
    return Optional.empty();
  }

  private static boolean endsWith(byte[] name, byte[] ending) {
    int start = name.length - ending.length;
    if (start < 0) {
      return false;
    }
    for (int i = 0; i < ending.length; i++) {
      if (name[start + i] != ending[i]) {
        return false;
      }
    }
    return true;
  }
}
