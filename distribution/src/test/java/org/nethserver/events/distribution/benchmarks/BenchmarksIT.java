package org.nethserver.events.distribution.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That everything can be measured on the built image, whatever the times are. */
class BenchmarksIT {
  private static final Set<Metric> AT_REST = EnumSet.range(Metric.IDLE_RSS, Metric.WORKED_PSS);
  private static final Set<Metric> OF_ALL = EnumSet.range(Metric.START, Metric.WORKED_PSS);

  /** Descriptors that may be ready for the next event and were not before; a leak is hundreds. */
  private static final int FEW = 16;

  /** Five agents have a plugin, and eight channels tell of what it answers. */
  private static final int HANDLER_THREADS = 5 * 8;

  @TempDir Path docs;

  private Path page() throws IOException {
    Path page = docs.resolve("benchmarks.md");
    String text = "before\n";
    for (String section : List.of("agents", "growth", "soak", "journal")) {
      text += Pages.begin(section) + "old " + section + "\n" + Pages.end(section);
    }
    return Files.writeString(page, text + "after\n");
  }

  @Test
  void everyFigureIsThereAndNoEventIsLost() throws Exception {
    Path page = page();

    Benchmarks.Compared compared = Benchmarks.compare(Options.parse("--quick", "--docs=" + docs));

    Results results = compared.agents();
    assertEquals(subjects(), results.subjects());
    for (String subject : subjects()) {
      assertMeasured(results, subject, subject.equals(Benchmarks.PLUGINS) ? AT_REST : OF_ALL);
      assertTrue(results.events(subject).sent() >= Scale.QUICK.worked(), subject);
      assertEquals(0, results.events(subject).lost(), subject);
    }
    assertEquals(Tools.compiler().isPresent(), compared.growth().isPresent());
    if (compared.growth().isPresent()) {
      Results growth = compared.growth().get();
      assertEquals(List.of("1 × 10", "5 × 10", "1 × 50", "5 × 50"), growth.subjects());
      growth.subjects().forEach(subject -> assertMeasured(growth, subject, OF_ALL));
      assertEquals(0, growth.events().lost());
      picture(docs.resolve("benchmarks/growth.svg"));
      assertMeasured(results, Benchmarks.NODE, Set.of(Metric.LOADED_RSS));
    }
    assertAll(
        () -> section(Files.readString(page), results),
        () -> raw(docs.resolve("benchmarks"), results),
        () -> picture(docs.resolve("benchmarks/agents.svg")));
  }

  private static void assertMeasured(Results results, String subject, Set<Metric> metrics) {
    for (Metric metric : metrics) {
      Figure figure = results.figure(subject, metric).orElseThrow();
      // Some do nothing at all while they are idle.
      boolean measured = figure.median() > 0 || metric == Metric.IDLE_CPU;
      assertTrue(measured, () -> subject + " " + metric + ": " + figure);
    }
  }

  private static List<String> subjects() {
    List<String> subjects = new ArrayList<>(List.of(Benchmarks.HANDLER, Benchmarks.PLUGINS));
    if (Tools.compiler().isPresent()) {
      subjects.addAll(
          0, List.of(Benchmarks.FLOOR, Benchmarks.SCRIPTS, Benchmarks.NODE, Benchmarks.CALL_FLOOR));
    }
    return subjects;
  }

  private static void section(String page, Results results) {
    assertTrue(page.startsWith("before\n" + Pages.begin("agents")), page);
    assertTrue(page.endsWith(Pages.end("journal") + "after\n"), page);
    assertFalse(page.contains("old agents"), page);
    assertTrue(page.contains("old soak"), page);
    assertTrue(page.contains("quick run"), page);
    for (Metric metric : AT_REST) {
      String median =
          metric.format(results.figure(Benchmarks.PLUGINS, metric).orElseThrow().median());
      assertTrue(page.contains(median + " " + metric.unit()), page);
    }
  }

  /** Times and memory are the business of the long form: here it is counts alone. */
  @Test
  void agentsAtWorkLoseNothingAndKeepNothing() throws Exception {
    Path page = page();

    Soaked soaked = Benchmarks.soak(Options.parse("--soak", "--quick", "--docs=" + docs));

    assertTrue(soaked.runs().isExact(), () -> "" + soaked.runs());
    assertTrue(soaked.runs().expected() > soaked.events(), () -> "" + soaked.runs());
    int kept = soaked.idleAfter().descriptors() - soaked.idleBefore().descriptors();
    assertTrue(kept <= FEW, () -> kept + " descriptors more at the end: " + soaked.samples());
    int more = soaked.idleAfter().threads() - soaked.idleBefore().threads();
    assertTrue(
        more <= HANDLER_THREADS, () -> more + " threads more at the end: " + soaked.samples());
    assertFalse(Files.readString(page).contains("old soak"), "the section is written");
    picture(docs.resolve("benchmarks/soak.svg"));
  }

  @Test
  void recordersKeepAllAndAgentsMissNothing() throws IOException, InterruptedException {
    Path page = page();

    Journaled found = Benchmarks.journal(Options.parse("--journal", "--quick", "--docs=" + docs));

    List<Recorders.Recorded> runs = found.recorders();
    assertEquals(List.of(1, 2), runs.stream().map(Recorders.Recorded::recorders).toList());
    for (Recorders.Recorded run : runs) {
      assertEquals(run.events(), run.recorded(), run.toString());
      assertTrue(run.perSecond() > 0 && run.cpuMicros() > 0, run.toString());
    }
    assertEquals(Tools.compiler().isPresent(), found.agents().isPresent());
    if (found.agents().isPresent()) {
      Results agents = found.agents().get();
      for (String subject : List.of(Benchmarks.SCRIPTS, Benchmarks.JOURNAL)) {
        assertMeasured(agents, subject, EnumSet.range(Metric.START, Metric.UNHEARD_CPU));
        assertEquals(0, agents.events(subject).lost(), subject);
      }
    }
    for (CatchUp.Caught run : found.caught()) {
      assertEquals(run.expected(), run.answered(), run.toString());
    }
    assertEquals(2, found.caught().size());
    assertFalse(Files.readString(page).contains("old journal"), "the section is written");
  }

  private static void raw(Path directory, Results results) throws IOException {
    Path file = directory.resolve("agents-" + results.conditions().day() + ".json");
    JsonNode figures = JsonMapper.shared().readTree(Files.readString(file)).get("figures");
    assertEquals(results.subjects(), List.copyOf(figures.propertyNames()));
    assertEquals(Scale.QUICK.floods(), figures.get(Benchmarks.HANDLER).get("RATE").size());
  }

  private static void picture(Path file) throws Exception {
    assertEquals(
        "svg",
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getDocumentElement()
            .getTagName());
  }

  @Test
  void commandLineThatIsWrongIsToldInASentence() {
    assertEquals("unknown: \"--fast\"", refusal("--fast"));
    assertEquals("\"--rounds=many\": no number", refusal("--rounds=many"));
    assertEquals("--rounds=0: at least 1", refusal("--rounds=0"));
    assertEquals("--soak=0: at least 1 minute", refusal("--soak=0"));
    assertEquals("\"--agent=go\": wants --agent=NAME=COMMAND", refusal("--agent=go"));
  }

  @Test
  void pageWithoutMarksIsRefusedBeforeAnythingIsMeasured() throws IOException {
    Path page = Files.writeString(docs.resolve("benchmarks.md"), "no marks\n");

    assertEquals(
        "\"%s\" does not say where to write; add the lines\n%s%s"
            .formatted(page, Pages.begin("soak"), Pages.end("soak")),
        assertThrows(
                IllegalArgumentException.class,
                () -> Benchmarks.soak(Options.parse("--soak", "--docs=" + docs)))
            .getMessage());
  }

  @Test
  void imageThatIsMissingIsToldInASentence() throws IOException {
    page();
    Options options = Options.parse("--image=" + docs, "--docs=" + docs);

    assertEquals(
        "no image at \"%s\"; build it: mvn -q -DskipTests package".formatted(docs),
        assertThrows(IllegalArgumentException.class, () -> Benchmarks.compare(options))
            .getMessage());
  }

  private static String refusal(String argument) {
    return assertThrows(IllegalArgumentException.class, () -> Options.parse(argument)).getMessage();
  }
}
