package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What agents tell of themselves with {@code --metrics}: docs/metrics.md. */
@Timeout(120)
@Unclaimed
class MetricsIT {
  private static final String TCP = "--metrics=127.0.0.1:0";
  private static final String OWN = "{agent=\"module/test1\"}";

  @RegisterExtension final Stage stage = new Stage();

  private static Scrape scrape(ContractAgent agent) {
    return Scrape.get(Scrape.place(agent), "/metrics");
  }

  private static void awaitValue(SocketAddress place, String series, double wanted) {
    Await.until(
        series + " is " + wanted,
        Await.LIMIT,
        () -> Scrape.get(place, "/metrics").value(series) == wanted,
        () -> Scrape.get(place, "/metrics").body());
  }

  private static String run(String event, String outcome) {
    return "events_runs_total{agent=\"module/test1\",event=\"%s\",outcome=\"%s\"}"
        .formatted(event, outcome);
  }

  @Test
  void countsAreExact() throws IOException {
    stage.step("thing-made", "10ok", "exit 0");
    stage.step("thing-broken", "10ok", "exit 0");
    stage.step("thing-broken", "20fails", "exit 3");
    stage.step("thing-killed", "10dies", "kill -9 $$");
    Files.createFile(stage.events().resolve("thing-made/20skipped"));
    Redis redis = stage.keep(Redis.start());
    ContractAgent agent = stage.launch().redis(redis).flags(TCP).subscribed();
    for (int i = 0; i < 7; i++) {
      redis.publish("module/a1/event/thing-made", "{}");
    }
    for (int i = 0; i < 5; i++) {
      redis.publish("module/a1/event/thing-broken", "{}");
    }
    redis.publish("module/a1/event/thing-killed", "{}");
    for (int i = 0; i < 11; i++) {
      redis.publish("module/a1/event/nobody-cares", "{}");
    }
    for (int i = 0; i < 3; i++) {
      redis.publish("module/a1/event/.refused", "{}");
    }
    agent.awaitLines("exited with status", 13);
    String client =
        redis.clients().stream()
            .filter(line -> Redis.subscribes(line, agent.id()))
            .findFirst()
            .orElseThrow();
    redis.command("CLIENT", "KILL", "ID", Long.toString(Redis.figure(client, "id")));
    agent.awaitLine("(gap 1 since the start)");

    Scrape scrape = scrape(agent);

    assertEquals(27, scrape.value("events_received_total"));
    assertEquals(3, scrape.value("events_refused_total"));
    assertEquals(11, scrape.value("events_unhandled_total"));
    assertEquals(0, scrape.value("events_rejected_total"));
    assertEquals(7, scrape.value(run("thing-made", "completed")));
    assertEquals(5, scrape.value(run("thing-broken", "aborted")));
    assertEquals(1, scrape.value(run("thing-killed", "aborted")));
    assertEquals(13, scrape.value("events_run_duration_seconds_count" + OWN));
    assertEquals(18, scrape.value("events_step_duration_seconds_count" + OWN));
    assertEquals(12, steps(scrape, "completed"));
    assertEquals(7, steps(scrape, "skipped"));
    assertEquals(5, steps(scrape, "failed"));
    assertEquals(1, steps(scrape, "killed"));
    assertEquals(1, scrape.value("events_subscription_gaps_total"));
    assertTrue(scrape.value("events_subscription_gap_seconds_total") > 0);
    assertEquals(1, scrape.value("events_connected"));
    assertEquals(1, scrape.value("events_ready"));
    assertTrue(scrape.value("events_process_resident_memory_bytes") > 20_000_000);
  }

  private static double steps(Scrape scrape, String outcome) {
    return scrape.value("events_steps_total{agent=\"module/test1\",outcome=\"" + outcome + "\"}");
  }

  @Test
  void fullQueueAndWhatWaitsAreTold() {
    Gate gate = stage.gate("gate");
    stage.step("thing-made", "10waits", gate.pass());
    ContractAgent agent =
        stage.launch().flags(TCP, "--queue-events=3", "--max-concurrency=1").subscribed();
    for (int i = 0; i < 6; i++) {
      stage.redis().publish("module/a1/event/thing-made", "{\"n\":" + i + "}");
    }
    agent.awaitLines("rejected!", 2);

    Scrape scrape = scrape(agent);

    assertEquals(2, scrape.value("events_rejected_total"));
    assertEquals(1, scrape.value("events_agent_running" + OWN));
    assertEquals(1, scrape.value("events_agent_places" + OWN));
    assertEquals(3, scrape.value("events_agent_queue_events" + OWN));
    assertEquals(21, scrape.value("events_agent_queue_bytes" + OWN));
    Await.until(
        "what waits grows older",
        () -> scrape(agent).value("events_agent_queue_oldest_age_seconds" + OWN) > 0.2);
    gate.open();
    awaitValue(Scrape.place(agent), "events_agent_queue_events" + OWN, 0);
    assertEquals(0, scrape(agent).value("events_agent_queue_oldest_age_seconds" + OWN));
  }

  @Test
  void whatPoliciesDoIsTold() {
    stage.step("thing-kept", "10ok", "exit 0");
    policy("thing-kept", "{\"sources\": [\"module/b*\"]}");
    stage.step("thing-joined", "10ok", "exit 0");
    policy("thing-joined", "{\"coalesce\": {\"window\": \"3s\"}}");
    stage.step("thing-tried", "10fails", "exit 75");
    policy("thing-tried", "{\"retry\": {\"attempts\": 3, \"delay\": \"10ms\"}}");
    stage.step("thing-odd", "10ok", "exit 0");
    policy("thing-odd", "{\"sorces\": []}");
    ContractAgent agent = stage.launch().flags(TCP).subscribed();
    for (int i = 0; i < 5; i++) {
      stage.redis().publish("module/a1/event/thing-joined", "{}");
    }
    SocketAddress place = Scrape.place(agent);
    awaitValue(place, "events_superseded_total" + OWN, 4);
    Scrape waiting = scrape(agent);
    assertEquals(1, waiting.value("events_agent_queue_events" + OWN));
    assertTrue(waiting.value("events_agent_queue_oldest_age_seconds" + OWN) > 0, waiting.body());
    for (String event : List.of("thing-kept", "thing-tried", "thing-odd")) {
      stage.redis().publish("module/a1/event/" + event, "{}");
    }
    agent.awaitLines("exited with status", 3);
    Scrape scrape = scrape(agent);
    assertEquals(1, scrape.value("events_filtered_total" + OWN));
    assertEquals(2, scrape.value("events_retries_total" + OWN));
    assertEquals(3, steps(scrape, "failed"));
    assertEquals(1, scrape.value(run("thing-tried", "aborted")));
    assertEquals(1, scrape.value("events_policies_unused_total" + OWN));
    assertEquals(0, scrape.value("events_unhandled_total"));
  }

  private void policy(String event, String text) {
    Stage.write(stage.events().resolve(event).resolve("handler.json"), text);
  }

  @Test
  void readinessTurnsWithRedisAndHealthDoesNot() {
    Redis redis = stage.keep(Redis.start());
    ContractAgent agent = stage.launch().redis(redis).flags(TCP).subscribed();
    InetSocketAddress place = Scrape.place(agent);
    Await.until("ready", () -> Scrape.get(place, "/readyz").status() == 200);
    redis.stop();
    Await.until("not ready", () -> Scrape.get(place, "/readyz").status() == 503);
    assertTrue(
        Scrape.get(place, "/readyz").body().startsWith("not subscribed: "),
        () -> Scrape.get(place, "/readyz").body());
    assertEquals("healthy\n", Scrape.get(place, "/healthz").body());
    assertEquals(0, Scrape.get(place, "/metrics").value("events_ready"));
    redis.restart();
    Await.until("ready again", () -> Scrape.get(place, "/readyz").status() == 200);
  }

  @Test
  void unixSocketIsThereForUserAndGroupAndReplacesOneThatWasLeft() throws IOException {
    Path path = stage.root().resolve("metrics.sock");
    ServerSocketChannel left =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path));
    left.close();
    ContractAgent agent = stage.launch().flags("--metrics=unix:" + path).subscribed();
    agent.awaitLine("Metrics at unix:" + path);
    assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    SocketAddress place = UnixDomainSocketAddress.of(path);
    awaitValue(place, "events_connected", 1);

    ContractAgent second = stage.launch().id("b").flags("--metrics=unix:" + path).start();
    assertEquals(2, second.awaitExit());
    assertEquals(
        List.of(
            "<3>--metrics: no figures can be given at unix:"
                + path
                + ": another process listens there; take another path, or end it (see events-agent"
                + " --help)"),
        second.lines());

    agent.signal("TERM");
    agent.awaitExit();
    assertFalse(Files.exists(path));
  }

  @Test
  void addressInUseIsToldInALine() throws IOException {
    try (ServerSocketChannel taken =
        ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
      int port = ((InetSocketAddress) taken.getLocalAddress()).getPort();
      ContractAgent agent = stage.launch().flags("--metrics=127.0.0.1:" + port).start();
      assertEquals(2, agent.awaitExit());
      assertEquals(
          List.of(
              "<3>--metrics: no figures can be given at 127.0.0.1:"
                  + port
                  + ": Address already in use; take another port, or end what has it (see"
                  + " events-agent --help)"),
          agent.lines());
    }
  }

  @Test
  void fileForNodeExporterIsWholeAndGoesWithTheAgent() throws IOException {
    Path directory = stage.directory("textfile");
    ContractAgent agent =
        stage.launch().id("module/text1").flags("--metrics=textfile:" + directory).subscribed();
    Path file = directory.resolve("events-module+text1.prom");
    Await.until("the file", () -> Files.exists(file));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String text = Files.readString(file);
    assertTrue(
        text.lines()
            .filter(line -> !line.startsWith("#"))
            .allMatch(line -> line.contains("process=\"module/text1\"")),
        text);
    assertTrue(text.contains("\nevents_received_total{process=\"module/text1\"} 0.0\n"), text);
    agent.signal("TERM");
    agent.awaitExit();
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void directoryThatIsNotThereIsToldAtTheStart() {
    ContractAgent agent = stage.launch().flags("--metrics=textfile:/nowhere/at/all").start();
    assertEquals(2, agent.awaitExit());
    agent.awaitLine(
        "--metrics: no figures can be given at textfile:/nowhere/at/all: it is no directory");
  }

  @Test
  void hostileClientsDelayNeitherEventsNorScrapes() throws IOException {
    stage.step("thing-made", "10ok", "exit 0");
    ContractAgent agent = stage.launch().flags(TCP).subscribed();
    InetSocketAddress place = Scrape.place(agent);
    List<SocketChannel> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        crowd.add(SocketChannel.open(place));
      }
      assertEquals(200, Scrape.get(place, "/metrics").status());
      assertEquals(431, Scrape.send(place, "GET /" + "x".repeat(1 << 20)).status());
      assertEquals(400, Scrape.send(place, "\0\0\0\0").status());
      assertEquals(405, Scrape.send(place, "PUT /metrics HTTP/1.1\r\n\r\n").status());
      assertEquals(404, Scrape.get(place, "/").status());
      assertEquals("\"completed\" (0) at step 10ok", agent.run("module/a1/event/thing-made", "{}"));
      assertEquals(1, scrape(agent).value(run("thing-made", "completed")));
    } finally {
      for (SocketChannel channel : crowd) {
        channel.close();
      }
    }
  }

  @Test
  void openMetricsIsSpokenToWhomAcceptsIt() {
    ContractAgent agent = stage.launch().flags(TCP).subscribed();
    Scrape scrape =
        Scrape.get(
            Scrape.place(agent),
            "/metrics",
            "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n");
    assertTrue(
        scrape.head().contains("Content-Type: application/openmetrics-text; version=1.0.0"),
        scrape.head());
    assertTrue(scrape.body().endsWith("# EOF\n"), scrape.body());
    assertTrue(
        scrape(agent).head().contains("Content-Type: text/plain; version=0.0.4"),
        () -> scrape(agent).head());
  }

  @Test
  void labelsHaveAnEndHoweverManyKindsOfEventsThereAre() {
    for (int i = 0; i < 1000; i++) {
      stage.step("kind-" + i, "10ok", "exit 0");
    }
    ContractAgent agent = stage.launch().flags(TCP).subscribed();
    for (int i = 0; i < 1000; i++) {
      stage.redis().publish("module/a1/event/kind-" + i, "{}");
    }
    agent.awaitLines("exited with status", 1000);
    Scrape scrape = scrape(agent);
    assertEquals(
        201, scrape.lines().stream().filter(l -> l.startsWith("events_runs_total{")).count());
    assertEquals(800, scrape.value(run("other", "completed")));
  }

  @Test
  void agentsOfAHostComeAndGoWithTheirSeries() throws IOException {
    define("m1");
    define("m2");
    ContractAgent agent =
        stage
            .launch()
            .withoutUsualFlags()
            .id("events")
            .variable("REDIS_ADDRESS", stage.redis().address())
            .flags("--config=" + stage.directory("agents"), TCP)
            .subscribed();
    stage.redis().publish("module/a1/event/thing-made", "{}");
    agent.awaitLines("exited with status", 2);
    Scrape both = scrape(agent);
    assertEquals(2, both.lines().stream().filter(l -> l.startsWith("events_runs_total{")).count());

    Files.delete(stage.directory("agents").resolve("m1.json"));
    define("m3");
    agent.signal("HUP");
    agent.awaitLine("module/m1 removed", line -> line.contains("module/m1 removed"));
    Await.until("m1 is gone", () -> !scrape(agent).body().contains("module/m1"));
    Scrape after = scrape(agent);
    assertEquals(0, after.value("events_run_duration_seconds_count{agent=\"module/m3\"}"));
    assertEquals(1, after.value("events_run_duration_seconds_count{agent=\"module/m2\"}"));
  }

  private void define(String id) {
    Stage.write(stage.directory(id + "/state").resolve("environment"), "");
    stage.script(stage.directory(id + "/events").resolve("thing-made/10ok"), "exit 0");
    Stage.write(
        stage.directory("agents").resolve(id + ".json"),
        """
        {"agents": [{"id": "module/%1$s", "events-directories": ["%2$s/%1$s/events"],
          "state-directory": "%2$s/%1$s/state"}]}
        """
            .formatted(id, stage.root()));
  }

  @Test
  void withoutTheFlagNothingOfItIsLoaded() throws IOException {
    stage.step("thing-made", "10ok", "exit 0");
    Path classes = stage.root().resolve("classes");
    // As the launcher, but for the list of classes.
    String launcher =
        "i=${1%%/bin/*}; shift; exec $i/bin/java @$i/lib/events.options"
            + " -XX:AOTCache=$i/lib/events.aot -Xlog:class+load:file='%s' -m"
            + " org.nethserver.events.agent/org.nethserver.events.agent.Main agent \"$@\"";
    ContractAgent agent =
        stage.launch().under("sh", "-c", launcher.formatted(classes), "sh").subscribed();
    agent.run("module/a1/event/thing-made", "{}");
    List<String> loaded = Files.readAllLines(classes);
    assertTrue(loaded.stream().anyMatch(line -> line.contains("org.nethserver.events.agent.run.")));
    assertEquals(
        List.of(),
        loaded.stream()
            .filter(
                line ->
                    line.contains("io.prometheus")
                        || line.contains("org.nethserver.events.agent.metrics"))
            .toList());
  }
}
