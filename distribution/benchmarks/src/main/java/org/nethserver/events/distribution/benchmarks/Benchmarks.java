package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Measures agents, and writes what it found into the documents. */
final class Benchmarks {
  /** The program in C that does nothing but spawn. */
  static final String FLOOR = "floor";

  /** The same program, answering within itself. */
  static final String CALL_FLOOR = "call floor";

  /** The agent of the image, with scripts. */
  static final String SCRIPTS = "events";

  /** The same, hosting as many as a large node has. */
  static final String NODE = "20 agents";

  /** The agent of the image, with scripts and a journal. */
  static final String JOURNAL = "journal";

  /** The agent of the image with a plugin that answers the events. */
  static final String HANDLER = "handler";

  /** The same with so many plugins. */
  static final String PLUGINS = "plugins";

  /** What answers events within its process. */
  static final List<String> CALLED = List.of(CALL_FLOOR, HANDLER, PLUGINS);

  private static final int SEVERAL = 5;
  private static final double MEGABYTE = 1e6;
  private static final Path SOURCES = Path.of("benchmarks/src/main");

  /** Several plugins differ from one at rest alone. */
  private static final Set<Measure> AT_REST = EnumSet.of(Measure.MEMORY, Measure.IDLE);

  /** What a journal may cost. A process that is measured at rest has not run before. */
  private static final List<Measure> WITH_JOURNAL =
      List.of(Measure.MEMORY, Measure.START, Measure.LATENCY, Measure.RATE, Measure.UNHEARD);

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
      if (options.journal()) {
        journal(options);
      } else if (options.soak().isPresent()) {
        soak(options);
      } else {
        compare(options);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\nusage: " + Options.USAGE);
      System.exit(2);
    }
  }

  /** Measures all agents, then the cost as it grows, and writes both. */
  static Compared compare(Options options) throws IOException, InterruptedException {
    Pages agents = Pages.in(options.docs(), "agents");
    Pages growth = Pages.in(options.docs(), "growth");
    try (Workshop workshop = Workshop.open(SOURCES, options.image())) {
      Results results =
          measure(
              subjects(options, workshop.tools()),
              options.rounds(),
              options,
              options.scale(),
              workshop);
      imageSize(options.image())
          .ifPresent(size -> results.addIfKnown(SCRIPTS, Metric.IMAGE, size / MEGABYTE));
      String day = results.conditions().day();
      agents.files(day, results.json(), new Plot(results).svg());
      agents.section(new Section(results, agents.raw(day)).markdown());
      if (workshop.tools().programs().isEmpty()) {
        return new Compared(results, Optional.empty());
      }
      Growth grown = options.growth();
      Results more =
          measure(grown.subjects(options.image()), 1, options, options.growthScale(), workshop);
      GrowthSection section = new GrowthSection(grown, more);
      growth.files(day, more.json(), section.svg());
      growth.section(section.markdown(growth.raw(day)));
      return new Compared(results, Optional.of(more));
    }
  }

  /**
   * What was found.
   *
   * @param agents of all agents
   * @param growth of the cost as it grows; empty without a C compiler
   */
  record Compared(Results agents, Optional<Results> growth) {}

  /** Has many agents work for minutes, and writes what became of it. */
  static Soaked soak(Options options) throws IOException, InterruptedException {
    Pages pages = Pages.in(options.docs(), "soak");
    try (Workshop workshop = Workshop.open(SOURCES, options.image())) {
      Conditions conditions = Conditions.now(options.quick(), 1);
      Soaked soaked = Soak.run(options.image(), workshop.tools(), options.soak().orElseThrow());
      SoakSection section = new SoakSection(conditions, soaked);
      pages.files(conditions.day(), section.json(), section.svg());
      pages.section(section.markdown(pages.raw(conditions.day())));
      return soaked;
    }
  }

  /** Has recorders record, and agents live with what they recorded; writes what became of it. */
  static Journaled journal(Options options) throws IOException, InterruptedException {
    Pages pages = Pages.in(options.docs(), "journal");
    Conditions conditions = Conditions.now(options.quick(), 1);
    try (Workshop workshop = Workshop.open(SOURCES, options.image())) {
      Journaled found =
          new Journaled(
              recorders(options),
              workshop.tools().programs().isPresent()
                  ? Optional.of(liveAgents(options, workshop))
                  : Optional.empty(),
              catchUps(options, workshop.tools()));
      JournalSection section = new JournalSection(conditions, found);
      pages.file(conditions.day(), section.json());
      pages.section(section.markdown(pages.raw(conditions.day())));
      return found;
    }
  }

  private static List<Recorders.Recorded> recorders(Options options)
      throws IOException, InterruptedException {
    int events = options.quick() ? 5_000 : 300_000;
    int single = options.quick() ? 20 : 1_000;
    List<Recorders.Recorded> runs = new ArrayList<>();
    for (int recorders = 1; recorders <= 2; recorders++) {
      runs.add(Recorders.run(options.image(), recorders, events, single));
    }
    return runs;
  }

  private static Results liveAgents(Options options, Workshop workshop)
      throws IOException, InterruptedException {
    Path image = options.image();
    Subject without = Subject.image(SCRIPTS, image, 0).recorded(image);
    return measure(
        List.of(without, without.journaled(JOURNAL)),
        WITH_JOURNAL,
        1,
        options,
        options.journalScale(),
        workshop);
  }

  private static List<CatchUp.Caught> catchUps(Options options, Tools tools)
      throws IOException, InterruptedException {
    Path image = options.image();
    Subject subject = Subject.image(HANDLER, image, 1).recorded(image).journaled(JOURNAL);
    int events = options.quick() ? 2_000 : 100_000;
    List<CatchUp.Caught> runs = new ArrayList<>();
    for (boolean answered : List.of(true, false)) {
      System.err.println("catching up: " + (answered ? "all answered" : "the last answered"));
      runs.add(CatchUp.run(subject, tools, events, answered, options.scale().settling()));
    }
    return runs;
  }

  private static Results measure(
      List<Subject> subjects, int rounds, Options options, Scale scale, Workshop workshop)
      throws IOException, InterruptedException {
    return measure(subjects, List.of(Measure.values()), rounds, options, scale, workshop);
  }

  private static Results measure(
      List<Subject> subjects,
      List<Measure> measures,
      int rounds,
      Options options,
      Scale scale,
      Workshop workshop)
      throws IOException, InterruptedException {
    Results results = new Results(Conditions.now(options.quick(), rounds), subjects);
    try (Homes homes = new Homes(workshop.tools())) {
      for (int round = 1; round <= rounds; round++) {
        for (Measure measure : measures) {
          System.err.printf("round %d of %d: %s%n", round, rounds, measure);
          measure.take(measured(measure, subjects), homes, scale, results);
        }
      }
    }
    return results;
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
              subjects.put(NODE, Subject.hosted(NODE, options.image(), Extent.NODE));
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

  private static List<Subject> measured(Measure measure, List<Subject> subjects) {
    return subjects.stream()
        .filter(subject -> AT_REST.contains(measure) || subject.plugins() <= 1)
        .toList();
  }

  /** The size of the archive beside the image, if it was made. */
  private static Optional<Long> imageSize(Path image) throws IOException {
    try (Stream<Path> files = Files.list(image.resolveSibling("."))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches("events-.*\\.tar\\.gz")) {
          return Optional.of(Files.size(file));
        }
      }
      return Optional.empty();
    }
  }
}
