package org.nethserver.events.distribution.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;
import tools.jackson.databind.JsonNode;

/** The page of {@code events runs --html}, as a browser shows it. */
@ExtendWith(RedisExtension.class)
final class RunsPageIT {
  private static final Path SHOTS = Path.of("target/screenshots");
  private static final int WIDE = 1280;
  private static final int NARROW = 400;
  private static final int FAILED = 1;
  private static final String STATUS = "document.getElementById('shown').textContent";

  @TempDir private Path directory;
  private HistoryAgent agent;
  private Browser browser;

  @BeforeEach
  void prepare(RedisServer redis) throws IOException {
    Optional<Path> program = Browser.installed();
    assumeTrue(program.isPresent(), "there is no chromium; apt-get install chromium");
    Files.createDirectories(SHOTS);
    browser = new Browser(program.orElseThrow(), directory.resolve("profile"));
    agent =
        new HistoryAgent(redis, directory)
            .step("user-created", "10first", "sleep 0.05; echo fine")
            .step(
                "cert-renewed",
                "10install",
                "printf '\\033[31mred\\033[0m \\033]0;title\\007\\n'",
                "echo '</script><script>window.hacked = 1</script>'",
                "echo '<img src=x onerror=\"window.hacked = 2\"><!--'",
                "echo \"token=hunter2 $(printf '\\342\\200\\256')moc\"",
                "exit 3")
            .start();
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (agent != null) {
      agent.close();
    }
  }

  private Path page(String name) throws IOException, InterruptedException {
    Path page = directory.resolve(name);
    HistoryAgent.Said said = agent.runs("--html=" + page);
    assertEquals(0, said.code(), said.toString());
    return page;
  }

  private void runSome() throws IOException {
    for (int i = 0; i < 3; i++) {
      agent.run("module/openldap1/event/user-created");
      agent.run("module/traefik1/event/cert-renewed");
      agent.run("module/openldap1/event/user-created");
    }
    Eventually.await("all are written", HistoryAgent.LIMIT, () -> agent.all().size() == 9);
  }

  /** No script fails, nothing is fetched but the page, nothing that a step wrote is obeyed. */
  private void assertQuiet(Path page) {
    assertEquals(List.of(), browser.told("Runtime.exceptionThrown"));
    assertEquals(List.of(), browser.told("Runtime.consoleAPICalled"));
    assertEquals(List.of(), browser.told("Log.entryAdded"));
    List<String> requests =
        browser.told("Network.requestWillBeSent").stream()
            .map(each -> each.path("request").path("url").stringValue())
            .toList();
    assertEquals(List.of(page.toUri().toString()), requests);
    assertEquals("undefined", browser.evaluate("typeof window.hacked").stringValue());
  }

  private void assertNothingOverflows() {
    for (int width : List.of(WIDE, NARROW)) {
      browser.size(width, 900);
      assertEquals(
          width,
          browser.evaluate("document.documentElement.scrollWidth").intValue(),
          "at " + width + " pixels");
    }
    browser.size(WIDE, 900);
  }

  private int number(String expression) {
    return browser.evaluate(expression).intValue();
  }

  /** Returns the colour of a variable of the page's, as pixels have it. */
  private int colour(String variable) {
    String hex =
        browser
            .evaluate(
                "getComputedStyle(document.documentElement).getPropertyValue('--%s').trim()"
                    .formatted(variable))
            .stringValue()
            .substring(1);
    String six = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
    return Integer.parseInt(six, 16);
  }

  private static int pixel(BufferedImage image, double x, double y) {
    return image.getRGB((int) Math.round(x), (int) Math.round(y)) & 0xffffff;
  }

  /** Compares what is to be seen with what the page says is there. */
  private int assertColours(String name) throws IOException {
    browser.scheme(name);
    Eventually.await(
        "the page is " + name,
        HistoryAgent.LIMIT,
        () ->
            browser
                .evaluate("matchMedia('(prefers-color-scheme: " + name + ")').matches")
                .booleanValue());
    browser.evaluate("window.scrollTo(0, 0)");
    BufferedImage seen = browser.screenshot(SHOTS.resolve(name + ".png"));
    assertEquals(colour("back"), pixel(seen, 4, 4));
    JsonNode area =
        browser.evaluate(
            "(({x, y}) => ({x, y}))(document.getElementById('timeline').getBoundingClientRect())");
    int failures = 0;
    for (JsonNode bar : browser.evaluate("drawn()")) {
      if (bar.path("kind").intValue() == FAILED) {
        failures++;
        double x = area.path("x").doubleValue() + bar.path("x").doubleValue();
        double y = area.path("y").doubleValue() + bar.path("y").doubleValue();
        int middle =
            pixel(
                seen,
                Math.floor(x + bar.path("w").doubleValue() / 2),
                Math.floor(y + bar.path("h").doubleValue() / 2));
        assertEquals(colour("bad"), middle, name + " at " + bar);
      }
    }
    assertEquals(3, failures);
    return pixel(seen, 4, 4);
  }

  @Test
  void runsAreToBeSeenInLightAndInDark() throws IOException, InterruptedException {
    runSome();
    Path page = page("runs.html");
    browser.size(WIDE, 900);
    browser.open(page);
    assertNotEquals(assertColours("light"), assertColours("dark"));
    browser.scheme("light");
    assertNothingOverflows();
    browser.size(NARROW, 900);
    browser.screenshot(SHOTS.resolve("narrow.png"));
    assertQuiet(page);
    assertEquals(9, number("drawn().length"));
    assertTrue(
        browser
            .evaluate("document.getElementById('counts').textContent")
            .stringValue()
            .startsWith("9runs3failed0interrupted"));
  }

  @Test
  void runsAreChosenAndOpened() throws IOException, InterruptedException {
    runSome();
    Path page = page("runs.html");
    browser.size(WIDE, 1200);
    browser.open(page);
    browser.click("#failed");
    assertEquals("3 of 9 runs", browser.evaluate(STATUS).stringValue());
    assertEquals(3, number("drawn().length"));
    browser.click("#failed");
    browser.click("#filter");
    browser.call("Input.insertText", Map.of("text", "OPENLDAP"));
    assertEquals("6 of 9 runs", browser.evaluate(STATUS).stringValue());
    assertEquals(0, number("document.querySelectorAll('details').length"));
    browser.evaluate("document.getElementById('filter').select()");
    browser.call("Input.insertText", Map.of("text", "cert"));
    browser.click("summary");
    Eventually.await(
        "the run is open",
        HistoryAgent.LIMIT,
        () -> number("document.querySelectorAll('pre').length") == 1);
    assertEquals(
        "red \n</script><script>window.hacked = 1</script>\n"
            + "<img src=x onerror=\"window.hacked = 2\"><!--\n"
            + "token=*** \\xe2\\x80\\xaemoc",
        browser.evaluate("document.querySelector('pre').textContent").stringValue());
    browser.screenshot(SHOTS.resolve("open.png"));
    assertNothingOverflows();
    assertQuiet(page);
  }

  @Test
  void keysLeadFromRunToRun() throws IOException, InterruptedException {
    runSome();
    Path page = page("runs.html");
    browser.size(WIDE, 1200);
    browser.open(page);
    browser.evaluate("document.getElementById('timeline').focus()");
    browser.press("ArrowRight", 39);
    browser.press("ArrowRight", 39);
    assertTrue(
        browser
            .evaluate("document.getElementById('hint').textContent")
            .stringValue()
            .startsWith("cert-renewed of module/traefik1 aborted (3) in "));
    browser.screenshot(SHOTS.resolve("chosen.png"));
    browser.press("Enter", 13);
    Eventually.await(
        "the run is open",
        HistoryAgent.LIMIT,
        () -> number("document.querySelectorAll('details[open] pre').length") == 1);
    assertEquals("SUMMARY", browser.evaluate("document.activeElement.tagName").stringValue());
    // The other way to a run is to point at it.
    JsonNode bar = browser.evaluate("drawn()[0]");
    JsonNode area =
        browser.evaluate(
            "(() => { scrollTo(0, 0); const r = document.getElementById('timeline')"
                + ".getBoundingClientRect(); return {x: r.x, y: r.y}; })()");
    browser.mouse(
        "mouseMoved",
        area.path("x").doubleValue() + bar.path("x").doubleValue() + 1,
        area.path("y").doubleValue() + bar.path("y").doubleValue() + 2);
    assertTrue(
        browser
            .evaluate("document.getElementById('hint').textContent")
            .stringValue()
            .startsWith("user-created of module/openldap1 completed in "));
    assertQuiet(page);
  }

  @Test
  void pageOfNoRunsSaysSo() throws IOException, InterruptedException {
    runSome();
    Path page = directory.resolve("none.html");
    assertEquals(0, agent.runs("--event=none", "--html=" + page).code());
    browser.size(WIDE, 900);
    browser.open(page);
    String text = browser.evaluate("document.body.innerText").stringValue();
    assertTrue(text.contains("Once the agent runs the steps of an event"), text);
    browser.screenshot(SHOTS.resolve("none.png"));
    assertNothingOverflows();
    assertQuiet(page);
  }

  /** The lines of real runs, as often as there is room for. */
  @Test
  void pageOfTenThousandRunsIsQuick() throws IOException, InterruptedException {
    runSome();
    agent.end();
    Path file = agent.files().resolve("000001.jsonl");
    List<String> lines =
        Files.readAllLines(file).stream().filter(line -> line.contains("\"outcome\"")).toList();
    int runs = 0;
    Instant time = Instant.now().minus(Duration.ofDays(2));
    for (int number = 2; number <= 65; number++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 156; i++) {
        text.append(
                lines
                    .get(runs % lines.size())
                    .replaceFirst("\"run\":\"[^\"]*\"", "\"run\":\"x-" + runs + "\"")
                    .replaceFirst(
                        "\"began\":\"[^\"]*\"",
                        "\"began\":\"" + time.plusSeconds(17L * runs++) + "\""))
            .append('\n');
      }
      Files.writeString(agent.files().resolve("%06d.jsonl".formatted(number)), text);
    }
    Files.delete(file);
    assertEquals(9_984, runs);
    Path page = page("many.html");
    browser.size(WIDE, 900);
    long start = System.nanoTime();
    browser.open(page);
    assertEquals(runs, number("drawn().length"));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.toSeconds() < 10, took::toString);
    start = System.nanoTime();
    browser.click("#failed");
    assertTrue(number("drawn().length") > 3_000);
    Duration chosen = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(chosen.toSeconds() < 3, chosen::toString);
    assertFalse(browser.screenshot(SHOTS.resolve("many.png")).getWidth() == 0);
    assertNothingOverflows();
    assertQuiet(page);
  }
}
