package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Measures agents, and writes what it found into the documents. */
final class Benchmarks {
  /** The program in C that does nothing but spawn. */
  static final String FLOOR = "floor";

  /** The same program, answering within itself. */
  static final String CALL_FLOOR = "call floor";

  /** The agent of the image, with scripts. */
  static final String SCRIPTS = "events";

  /** The same with a plugin that answers the events. */
  static final String HANDLER = "handler";

  /** The same with so many plugins. */
  static final String PLUGINS = "plugins";

  /** What answers events within its process. */
  static final List<String> CALLED = List.of(CALL_FLOOR, HANDLER, PLUGINS);

  private static final int SEVERAL = 5;
  private static final Path SOURCES = Path.of("benchmarks/src/main");

  private Benchmarks() {}

  /**
   * Measures, from within the directory {@code distribution}.
   *
   * @param arguments as {@link Options#USAGE} says
   */
  public static void main(String[] arguments) throws Exception {
    // However this ends, no agent and no server is left.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
    try {
      Options options = Options.parse(arguments);
      Pages pages = Pages.in(options.docs());
      pages.write(measure(options));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\nusage: " + Options.USAGE);
      System.exit(2);
    }
  }

  /** Measures all that the options ask for. */
  static Results measure(Options options) throws IOException, InterruptedException {
    if (!Files.isExecutable(options.image().resolve("bin/events-agent"))) {
      throw new IllegalArgumentException(
          "no image at \"%s\"; build it: mvn -q -DskipTests package".formatted(options.image()));
    }
    Path work = Files.createTempDirectory("events-benchmarks");
    try {
      Tools tools = Tools.compile(SOURCES, options.image(), work);
      List<Subject> subjects = subjects(options, tools);
      Results results = new Results(Conditions.now(options.quick()), subjects);
      for (int round = 1; round <= options.rounds(); round++) {
        for (Measure measure : Measure.values()) {
          System.err.printf("round %d of %d: %s%n", round, options.rounds(), measure);
          measure.take(measured(measure, subjects), tools, options.scale(), results);
        }
      }
      return results;
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static List<Subject> subjects(Options options, Tools tools) {
    Map<String, Subject> subjects = new LinkedHashMap<>();
    tools
        .programs()
        .ifPresentOrElse(
            programs -> {
              String floor = programs.resolve("floor").toString();
              subjects.put(FLOOR, new Subject(FLOOR, floor + " {events}", 0, false));
              subjects.put(SCRIPTS, Subject.image(SCRIPTS, options.image(), 0));
              options
                  .agents()
                  .forEach(
                      (name, command) -> subjects.put(name, new Subject(name, command, 0, false)));
              subjects.put(CALL_FLOOR, new Subject(CALL_FLOOR, floor, 0, true));
            },
            () ->
                System.err.println(
                    "no C compiler (cc) on PATH: only handlers in Java are measured, no steps"));
    subjects.put(HANDLER, Subject.image(HANDLER, options.image(), 1));
    subjects.put(PLUGINS, Subject.image(PLUGINS, options.image(), SEVERAL));
    return new ArrayList<>(subjects.values());
  }

  /** Several plugins differ from one in memory alone. */
  private static List<Subject> measured(Measure measure, List<Subject> subjects) {
    return subjects.stream()
        .filter(subject -> measure == Measure.IDLE || subject.plugins() <= 1)
        .toList();
  }
}
