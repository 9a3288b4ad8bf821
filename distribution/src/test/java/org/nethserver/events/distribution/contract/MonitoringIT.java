package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is made of the figures: the table of docs/metrics.md, the dashboard, and the rules. */
@Timeout(120)
@Unclaimed
class MonitoringIT {
  private static final Path SHARE = ContractAgent.image().resolve("share");
  private static final Pattern NAME = Pattern.compile("\\bevents_[a-z_]+\\b");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(events_[a-z_]+)` \\| (counter|gauge|histogram) \\|");

  @RegisterExtension final Stage stage = new Stage();

  /** All figures that there are: of an agent that follows a journal, and has run something. */
  private Scrape scrape() {
    stage.step("thing-made", "10ok", "exit 0");
    Redis redis = stage.keep(Redis.start());
    Process recorder =
        ContractAgent.start(
            new ProcessBuilder(
                    ContractAgent.image().resolve("bin/events").toString(),
                    "recorder",
                    "--redis=redis://" + redis.address())
                .redirectErrorStream(true)
                .redirectOutput(stage.root().resolve("recorder.log").toFile()));
    stage.keep(recorder::destroyForcibly);
    ContractAgent agent =
        stage
            .launch()
            .redis(redis)
            .flags(
                "--metrics=127.0.0.1:0",
                "--journal",
                "--state-directory=" + stage.root().resolve("journal"))
            .subscribed();
    redis.publish("module/a1/event/thing-made", "{}");
    Await.until(
        "the journal is known",
        Await.LIMIT,
        () -> {
          Scrape scrape = Scrape.get(Scrape.place(agent), "/metrics");
          return scrape.value("events_journal_recorder_heard") == 1
              && scrape.body().contains("\nevents_runs_total{");
        },
        agent::said);
    return Scrape.get(Scrape.place(agent), "/metrics");
  }

  private static String program() {
    boolean there =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
    assumeTrue(there, "promtool is missing: apt-get install --no-install-recommends prometheus");
    return "promtool";
  }

  @Test
  void figuresAreThoseOfTheTableAndWellFormed() throws IOException {
    Scrape scrape = scrape();
    Map<String, String> types = new TreeMap<>();
    scrape
        .lines()
        .forEach(
            line -> {
              if (line.startsWith("# TYPE ")) {
                types.put(line.split(" ", -1)[2], line.split(" ", -1)[3]);
              }
            });
    Map<String, String> table = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("../docs/metrics.md")));
    while (row.find()) {
      table.put(row.group(1), row.group(2));
    }
    assertEquals(types, table);
    Path text = stage.root().resolve("scrape");
    Stage.write(text, scrape.body());
    assertEquals("", Shell.run(program() + " check metrics < '" + text + "'"));
  }

  @Test
  void dashboardAndRulesNameFiguresThatThereAre() throws IOException {
    Set<String> names = new TreeSet<>();
    scrape()
        .names()
        .forEach(
            name -> {
              names.add(name);
              names.add(name + "_bucket");
            });
    String dashboard = Files.readString(SHARE.resolve("events.grafana.json"));
    String rules = Files.readString(SHARE.resolve("events.rules.yml"));
    assertTrue(names.containsAll(found(rules)), () -> "not all are there: " + found(rules));
    Set<String> shown = found(dashboard);
    assertTrue(names.containsAll(shown), () -> "not all are there: " + shown);
    // Nothing that is given is left out of sight, but what speaks for itself.
    Set<String> unseen =
        names.stream()
            .filter(name -> !shown.contains(name) && !shown.contains(name + "_bucket"))
            .filter(name -> !name.endsWith("_bucket"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of(
            "events_build_info",
            "events_jvm_heap_max_bytes",
            "events_journal_caught_up",
            "events_journal_gaps_total",
            "events_journal_recorder_heard",
            "events_handler_calls_abandoned_total",
            "events_process_start_time_seconds"),
        unseen);
  }

  private static Set<String> found(String text) {
    Set<String> found = new TreeSet<>();
    Matcher name = NAME.matcher(text);
    while (name.find()) {
      found.add(name.group());
    }
    return found;
  }

  @Test
  void dashboardIsOneThatGrafanaTakes() throws IOException {
    JsonNode dashboard =
        new JsonMapper().readTree(Files.readString(SHARE.resolve("events.grafana.json")));
    assertTrue(dashboard.get("schemaVersion").intValue() >= 36);
    Set<String> variables = new TreeSet<>();
    dashboard.at("/templating/list").forEach(each -> variables.add(each.get("name").stringValue()));
    assertEquals(Set.of("agent", "datasource", "event"), variables);
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertTrue(ids.add(panel.get("id").intValue()), () -> "an id twice: " + panel.get("title"));
      if (!panel.get("type").stringValue().equals("row")) {
        assertEquals("${datasource}", panel.at("/datasource/uid").stringValue());
        panel
            .get("targets")
            .forEach(
                target ->
                    assertTrue(!target.get("expr").stringValue().isEmpty(), target::toString));
      }
    }
  }

  @Test
  void rulesAreSound() {
    String said = Shell.run(program() + " check rules '" + SHARE.resolve("events.rules.yml") + "'");
    assertTrue(said.contains("SUCCESS: 12 rules found"), said);
  }
}
