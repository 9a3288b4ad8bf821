package org.nethserver.events.distribution.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param quick whether to see only that everything can be measured
 * @param rounds how often everything is measured
 * @param image the built image
 * @param docs the directory of {@code benchmarks.md}
 * @param agents further agents, the command of each by its name
 * @param soak how long many agents work, instead of all else; empty if they do not
 * @param journal whether to measure what the journal takes, instead of all else
 */
record Options(
    boolean quick,
    int rounds,
    Path image,
    Path docs,
    Map<String, String> agents,
    Optional<Duration> soak,
    boolean journal) {
  static final String USAGE =
      """
      [--rounds=N] [--quick] [--image=DIR] [--docs=DIR] [--agent=NAME=COMMAND]…
      or --soak[=MINUTES] [--quick] [--image=DIR] [--docs=DIR]
      or --journal [--quick] [--image=DIR] [--docs=DIR]
      Words of COMMAND are separated by blanks; in them {events}, {actions}, {state} and {port} stand for
      what each agent has of its own.\
      """;

  private static final Duration SOAK = Duration.ofMinutes(10);
  private static final Duration QUICK_SOAK = Duration.ofSeconds(20);

  Options {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds=" + rounds + ": at least 1");
    }
    if (soak.isPresent() && soak.get().isZero()) {
      throw new IllegalArgumentException("--soak=0: at least 1 minute");
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
    Optional<Duration> soak = Optional.empty();
    boolean journal = false;
    for (String argument : arguments) {
      String[] words = argument.split("=", 2);
      String value = words.length == 2 ? words[1] : "";
      switch (words[0]) {
        case "--quick" -> quick = true;
        case "--journal" -> journal = true;
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
        case "--soak" ->
            soak =
                Optional.of(words.length == 1 ? SOAK : Duration.ofMinutes(number(argument, value)));
        default -> throw new IllegalArgumentException("unknown: \"" + argument + "\"");
      }
    }
    return new Options(
        quick,
        rounds,
        image.toAbsolutePath().normalize(),
        docs.toAbsolutePath(),
        agents,
        quick ? soak.map(_ -> QUICK_SOAK) : soak,
        journal);
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

  Scale journalScale() {
    return quick ? Scale.QUICK : Scale.JOURNAL;
  }

  Growth growth() {
    return quick ? Growth.QUICK : Growth.FULL;
  }

  Scale growthScale() {
    return quick ? Scale.QUICK : Scale.GROWTH;
  }
}
