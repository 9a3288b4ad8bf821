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
  private static final Set<Metric> MEMORY = EnumSet.range(Metric.IDLE_RSS, Metric.WORKED_PSS);

  @TempDir Path docs;

  @Test
  void everyFigureIsThereAndNoEventIsLost() throws IOException, InterruptedException {
    Path page = docs.resolve("benchmarks.md");
    Files.writeString(page, "before\n" + Pages.BEGIN + "old\n" + Pages.END + "after\n");
    Results results = Benchmarks.measure(Options.parse("--quick", "--docs=" + docs));

    Pages.in(docs).write(results);

    for (String subject : subjects()) {
      for (Metric metric : subject.equals(Benchmarks.PLUGINS) ? MEMORY : Set.of(Metric.values())) {
        Results.Figure figure = results.figure(subject, metric).orElseThrow();
        // Some floors do nothing at all while they are idle.
        boolean measured = figure.median() > 0 || metric == Metric.IDLE_CPU;
        assertTrue(measured, () -> subject + " " + metric + ": " + figure);
      }
      assertTrue(results.events(subject).sent() > 1_000, subject);
      assertEquals(0, results.events(subject).lost(), subject);
    }
    assertEquals(subjects(), results.subjects());
    assertAll(
        () -> section(Files.readString(page), results),
        () -> raw(docs.resolve("benchmarks"), results),
        () -> picture(docs.resolve("benchmarks/agents.svg")));
  }

  private static List<String> subjects() {
    List<String> subjects = new ArrayList<>(List.of(Benchmarks.HANDLER, Benchmarks.PLUGINS));
    if (Tools.compiler().isPresent()) {
      subjects.addAll(0, List.of(Benchmarks.FLOOR, Benchmarks.SCRIPTS, Benchmarks.CALL_FLOOR));
    }
    return subjects;
  }

  private static void section(String page, Results results) {
    assertTrue(page.startsWith("before\n" + Pages.BEGIN), page);
    assertTrue(page.endsWith(Pages.END + "after\n"), page);
    assertFalse(page.contains("old"), page);
    assertTrue(page.contains("quick run"), page);
    for (Metric metric : MEMORY) {
      String median =
          metric.format(results.figure(Benchmarks.PLUGINS, metric).orElseThrow().median());
      assertTrue(page.contains(median + " " + metric.unit()), page);
    }
  }

  private static void raw(Path directory, Results results) throws IOException {
    Path file = directory.resolve("agents-" + results.conditions().day() + ".json");
    JsonNode figures = JsonMapper.shared().readTree(Files.readString(file)).get("figures");
    assertEquals(results.subjects(), List.copyOf(figures.propertyNames()));
    assertEquals(1, figures.get(Benchmarks.HANDLER).get("RATE").size());
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
    assertEquals("\"--agent=go\": wants --agent=NAME=COMMAND", refusal("--agent=go"));
  }

  @Test
  void pageWithoutMarksIsRefusedBeforeAnythingIsMeasured() throws IOException {
    Path page = Files.writeString(docs.resolve("benchmarks.md"), "no marks\n");

    assertEquals(
        "\"%s\" does not say where to write; add the lines\n%s%s"
            .formatted(page, Pages.BEGIN, Pages.END),
        assertThrows(IllegalArgumentException.class, () -> Pages.in(docs)).getMessage());
  }

  @Test
  void imageThatIsMissingIsToldInASentence() {
    Options options = Options.parse("--image=" + docs);

    assertEquals(
        "no image at \"%s\"; build it: mvn -q -DskipTests package".formatted(docs),
        assertThrows(IllegalArgumentException.class, () -> Benchmarks.measure(options))
            .getMessage());
  }

  private static String refusal(String argument) {
    return assertThrows(IllegalArgumentException.class, () -> Options.parse(argument)).getMessage();
  }
}
