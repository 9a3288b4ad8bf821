package org.nethserver.events.distribution.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param quick whether to see only that everything can be measured
 * @param rounds how often everything is measured
 * @param image the built image
 * @param docs the directory of {@code benchmarks.md}
 * @param agents further agents, the command of each by its name
 */
record Options(boolean quick, int rounds, Path image, Path docs, Map<String, String> agents) {
  static final String USAGE =
      """
      [--rounds=N] [--quick] [--image=DIR] [--docs=DIR] [--agent=NAME=COMMAND]…
      Words of COMMAND are separated by blanks; in them {events}, {actions}, {state} and {port} stand for
      what each agent has of its own.\
      """;

  Options {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds=" + rounds + ": at least 1");
    }
    agents = new LinkedHashMap<>(agents);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it cannot be understood; the message says why
   */
  static Options parse(String... arguments) {
    boolean quick = false;
    int rounds = 1;
    Path image = Path.of("target/events");
    Path docs = Path.of("../docs");
    Map<String, String> agents = new LinkedHashMap<>();
    for (String argument : arguments) {
      String[] words = argument.split("=", 2);
      String value = words.length == 2 ? words[1] : "";
      switch (words[0]) {
        case "--quick" -> quick = true;
        case "--rounds" -> rounds = number(argument, value);
        case "--image" -> image = Path.of(value);
        case "--docs" -> docs = Path.of(value);
        case "--agent" -> {
          String[] agent = value.split("=", 2);
          if (agent.length < 2) {
            throw new IllegalArgumentException("\"" + argument + "\": wants --agent=NAME=COMMAND");
          }
          agents.put(agent[0], agent[1]);
        }
        default -> throw new IllegalArgumentException("unknown: \"" + argument + "\"");
      }
    }
    return new Options(
        quick, rounds, image.toAbsolutePath().normalize(), docs.toAbsolutePath(), agents);
  }

  private static int number(String argument, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + argument + "\": no number", e);
    }
  }

  Scale scale() {
    return quick ? Scale.QUICK : Scale.FULL;
  }
}
