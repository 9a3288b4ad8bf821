package org.nethserver.events.distribution.benchmarks;

/** What the build starts: the hot parts one by one, or whole agents. */
final class Command {
  private Command() {}

  /**
   * Measures.
   *
   * @param arguments those of {@link Parts} after {@code --parts}, or else of {@link Benchmarks}
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].startsWith("--parts")) {
      Parts.main(arguments);
    } else {
      Benchmarks.main(arguments);
    }
  }
}
