package org.nethserver.events.exec;

/**
 * The library of {@code src/main/c}, which lies in {@code lib} of the image and, for tests, where
 * the build has left it.
 */
final class StartLibrary {
  private static final String NAME = "events-exec";

  private StartLibrary() {}

  /**
   * Loads it, unless it is loaded.
   *
   * @throws IllegalStateException if it is missing, or made for another machine
   */
  @SuppressWarnings("restricted")
  static void load() {
    try {
      System.loadLibrary(NAME);
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the library %s cannot be used (%s); install the image anew, as a whole"
              .formatted(System.mapLibraryName(NAME), e.getMessage()),
          e);
    }
  }
}
