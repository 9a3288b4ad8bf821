package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.agent.config.MetricsPlace;
import org.nethserver.events.agent.metrics.Metrics;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.FakeSource;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.TransportSettings;

@Timeout(60)
final class MeasuredHostTests {
  private final FakeTransport transport = new FakeTransport();
  private final FakeServices services =
      new FakeServices(_ -> List.of(new FakeSource("/steps")), transport);
  private final Counters counters = new Counters();
  private final Metrics metrics =
      Metrics.open(
          new MetricsPlace.Tcp("127.0.0.1", 0), "module/a1", counters, false, (_, _) -> {});
  private final Host host = host();
  private String place;

  private Host host() {
    return new Host(
        Host.Plan.of(
            new AgentPlan(
                new AgentSettings("module/a1", List.of(), Trust.OWNER),
                List.of(),
                Limits.DEFAULT,
                Path.of("/nowhere"),
                Variables.NONE),
            new TransportSettings(URI.create("fake://here"), "module/a1", Optional.empty())),
        agent -> metrics.runs(agent.id()),
        new Told(),
        counters);
  }

  @BeforeEach
  void start() throws IOException {
    host.start();
    place = MeasuredHost.start(metrics, host).replace("/metrics", "");
  }

  @AfterEach
  void close() {
    metrics.close();
    services.close();
    host.close();
  }

  private String get(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(place + path).toURL().openConnection();
    int status = connection.getResponseCode();
    try (InputStream in =
        status == 200 ? connection.getInputStream() : connection.getErrorStream()) {
      return status + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @Test
  void readinessIsTheSubscription() throws IOException {
    assertEquals("503 not subscribed: still connecting", get("/readyz"));
    transport.sink().unavailable("nobody is there");
    assertEquals("503 not subscribed: nobody is there", get("/readyz"));
    transport.sink().subscribed();
    assertEquals("200 ready", get("/readyz"));
    host.drain();
    assertEquals("503 ending: no more events are taken", get("/readyz"));
  }

  @Test
  void threadThatHangsIsToldInTime() throws IOException {
    assertEquals("200 healthy", get("/healthz"));
    CountDownLatch over = new CountDownLatch(1);
    host.execute(
        () -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    long start = System.nanoTime();
    String stuck = "503 stuck: not all threads that events need have answered in time";
    assertEquals(stuck, get("/healthz"));
    assertEquals(stuck, get("/readyz"));
    assertEquals(stuck, get("/metrics"));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(25).toNanos());
    over.countDown();
    assertEquals("200 healthy", get("/healthz"));
    assertTrue(get("/metrics").contains("\nevents_agent_places{agent=\"module/a1\"} 32.0\n"));
  }
}
