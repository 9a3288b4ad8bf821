package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

/** Many agents of one process, each with its own way through one journal. */
final class JournalHostIT {
  private static final String EVENT = "thing-shared";
  private static final int AGENTS = 5;

  @TempDir private Path directory;
  private JournalCluster cluster;
  private Process host;
  private int published;

  @BeforeEach
  void record() throws IOException {
    cluster =
        new JournalCluster(RedisServer.start("--appendonly", "yes"), directory.resolve("logs"));
    cluster.record();
    for (int agent = 0; agent < AGENTS; agent++) {
      handler(agent, "");
    }
    Files.writeString(directory.resolve("agents.json"), config());
  }

  @AfterEach
  void close() {
    if (host != null) {
      host.destroyForcibly();
    }
    cluster.close();
  }

  private Path home(int agent) throws IOException {
    return Files.createDirectories(directory.resolve("agent" + agent));
  }

  private void handler(int agent, String before) throws IOException {
    Path step = home(agent).resolve("events/" + EVENT + "/10write");
    Files.createDirectories(step.getParent());
    Files.writeString(
        step,
        """
        #!/bin/sh
        %s
        echo "$(cat)" >> '%s'
        """
            .formatted(before, home(agent).resolve("ran")));
    Files.setPosixFilePermissions(step, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The last agent takes no part in the journal. */
  private String config() throws IOException {
    List<String> agents = new ArrayList<>();
    for (int agent = 0; agent < AGENTS; agent++) {
      Files.writeString(home(agent).resolve("environment"), "");
      agents.add(
          """
          {"id": "module/shared%d", "events-directories": ["%s"], "state-directory": "%s",
           "queue-events": 50, "max-concurrency": 2, "journal": %b}\
          """
              .formatted(agent, home(agent).resolve("events"), home(agent), agent != AGENTS - 1));
    }
    return "{\"agents\": [" + String.join(",\n", agents) + "]}";
  }

  private void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                JournalCluster.image().resolve("bin/events-agent").toString(),
                "--config=" + directory.resolve("agents.json"),
                "--journal",
                "--state-directory=" + directory.resolve("states"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + cluster.redis().port());
    host = builder.start();
    Eventually.await(
        "the host subscribes",
        JournalCluster.LIMIT,
        () -> !cluster.subscriptions("events").isEmpty());
  }

  private void kill() throws InterruptedException {
    host.destroyForcibly();
    assertTrue(host.waitFor(20, TimeUnit.SECONDS));
  }

  private void publish(int events) throws IOException {
    List<Object[]> commands = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      commands.add(
          new Object[] {"PUBLISH", "module/source/event/" + EVENT, Integer.toString(published++)});
    }
    try (RedisProbe probe = cluster.probe()) {
      probe.pipeline(commands);
    }
  }

  private List<Integer> ran(int agent) throws IOException {
    Path file = home(agent).resolve("ran");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Integer::valueOf).toList()
        : List.of();
  }

  private void awaitLast(int agent) {
    int last = published - 1;
    Eventually.await(
        "agent " + agent + " runs number " + last,
        JournalCluster.LIMIT,
        () -> !ran(agent).isEmpty() && ran(agent).getLast() == last);
  }

  private List<Integer> all() {
    return IntStream.range(0, published).boxed().toList();
  }

  @Test
  void eachMakesGoodWhatAllMissed() throws IOException, InterruptedException {
    start();
    publish(10);
    for (int agent = 0; agent < AGENTS; agent++) {
      awaitLast(agent);
    }
    // One end of a run may not be written yet: only a run that ended is done with.
    host.destroy();
    assertTrue(host.waitFor(20, TimeUnit.SECONDS));
    publish(100);
    start();
    publish(10);
    for (int agent = 0; agent < AGENTS; agent++) {
      awaitLast(agent);
    }
    for (int agent = 0; agent < AGENTS - 1; agent++) {
      assertEquals(all(), ran(agent), "agent " + agent);
    }
    List<Integer> live = new ArrayList<>(all());
    live.removeAll(IntStream.range(10, 110).boxed().toList());
    assertEquals(live, ran(AGENTS - 1));
  }

  /** Its queue holds 50: what is more waits in the journal, and for it alone. */
  @Test
  void oneThatIsSlowDelaysNobody() throws IOException {
    handler(0, "while [ ! -e '" + directory + "/go' ]; do sleep 0.05; done");
    start();
    publish(1);
    for (int agent = 1; agent < AGENTS; agent++) {
      awaitLast(agent);
    }
    for (int times = 0; times < 10; times++) {
      publish(40);
      for (int agent = 1; agent < AGENTS; agent++) {
        awaitLast(agent);
      }
    }
    for (int agent = 1; agent < AGENTS; agent++) {
      assertEquals(all(), ran(agent), "agent " + agent);
    }
    assertEquals(List.of(), ran(0));
    Files.createFile(directory.resolve("go"));
    awaitLast(0);
    assertEquals(all(), ran(0));
  }

  @Test
  void crashOfTheProcessRepeatsOnlyWhatRan() throws IOException, InterruptedException {
    handler(0, "while [ ! -e '" + directory + "/go' ]; do sleep 0.05; done");
    start();
    publish(20);
    for (int agent = 1; agent < AGENTS; agent++) {
      awaitLast(agent);
    }
    // Their last ends are written within a moment of their last lines.
    Thread.sleep(300);
    kill();
    start();
    // What is left of the run that the crash broke off is gone before the next one begins.
    assertTrue(Files.readString(directory.resolve("log")).contains("are killed"));
    Files.createFile(directory.resolve("go"));
    publish(1);
    for (int agent = 0; agent < AGENTS; agent++) {
      awaitLast(agent);
    }
    for (int agent = 0; agent < AGENTS - 1; agent++) {
      assertEquals(all(), ran(agent), "agent " + agent);
    }
  }
}
