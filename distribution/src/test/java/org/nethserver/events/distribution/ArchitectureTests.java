package org.nethserver.events.distribution;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Directions that descriptors of modules cannot express: those between packages, and of tests. */
final class ArchitectureTests {
  private static final String AGENT = "org.nethserver.events.agent";

  private static final JavaClasses MODULES =
      classesIn(
          "../events-api/target/classes",
          "../events-redis/target/classes",
          "../events-exec/target/classes",
          "../events-agent/target/classes",
          "target/classes");

  private static final JavaClasses AGENT_WITH_TESTS =
      classesIn("../events-agent/target/classes", "../events-agent/target/test-classes");

  private static JavaClasses classesIn(String... directories) {
    List<Path> paths = Stream.of(directories).map(Path::of).toList();
    return new ClassFileImporter().importPaths(paths);
  }

  @Test
  void runsStandOnTheirOwn() {
    classes()
        .that()
        .resideInAPackage(AGENT + ".run")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", AGENT + ".run", "org.nethserver.events.api..")
        .check(MODULES);
  }

  @Test
  void configurationKnowsOnlyTheBoundsOfRuns() {
    classes()
        .that()
        .resideInAPackage(AGENT + ".config")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            AGENT + ".config",
            AGENT + ".run",
            "org.nethserver.events.api..")
        .check(MODULES);
  }

  @Test
  void onlyCommandsKnowTheCommandLineLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            AGENT + ".command",
            AGENT + ".catalog",
            // Makes their manual pages, at build time.
            "org.nethserver.events.distribution")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(MODULES);
  }

  @Test
  void onlyTheLogKnowsWhatLog4jIsMadeOf() {
    noClasses()
        .that()
        .resideOutsideOfPackage(AGENT + ".log")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.logging.log4j..")
        .check(MODULES);
  }

  @Test
  void onlyFiguresKnowTheClientOfPrometheus() {
    noClasses()
        .that()
        .resideOutsideOfPackage(AGENT + ".metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(MODULES);
  }

  @Test
  void agentNamesNoTransportAndNoKindOfStepsEvenInTests() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nethserver.events.redis..", "org.nethserver.events.exec..")
        .check(AGENT_WITH_TESTS);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("org.nethserver.events.(**)").should().beFreeOfCycles().check(MODULES);
  }
}
