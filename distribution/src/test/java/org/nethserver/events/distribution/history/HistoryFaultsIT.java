package org.nethserver.events.distribution.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;
import tools.jackson.databind.JsonNode;

/**
 * Histories of agents to which something happens. The long form: {@code -Dhistory.kills=100}; a
 * failure names its seed, {@code -Dhistory.seed=N} begins with it.
 */
@ExtendWith(RedisExtension.class)
final class HistoryFaultsIT {
  private static final int KILLS = Integer.getInteger("history.kills", 10);
  private static final long SEED = Long.getLong("history.seed", System.nanoTime());
  private static final String WHY = "seed " + SEED;
  private static final Pattern ENDED =
      Pattern.compile("Handler of (module/m\\d+)/event/\\S+ exited with .*");
  private static final Map<String, String> EXPECTED =
      Map.of("thing-done", "completed 0", "thing-broken", "aborted 3", "thing-slow", "completed 0");

  @TempDir private Path directory;
  private final List<Path> mounted = new ArrayList<>();
  private HistoryAgent agent;

  @AfterEach
  void close() throws IOException, InterruptedException {
    if (agent != null) {
      agent.close();
    }
    for (Path disk : mounted) {
      run("umount", "-l", disk.toString());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  @Test
  void killedAgainAndAgainItTellsWhatWas(RedisServer redis)
      throws IOException, InterruptedException {
    Random random = new Random(SEED);
    agent =
        new HistoryAgent(redis, directory)
            .step("thing-done", "10a", "seq 1 $(($$ % 3000))")
            .step("thing-broken", "10a", "echo x", "exit 3")
            .step("thing-slow", "10a", "exec sleep 0.3")
            .step("thing-slow", "20b", "echo y")
            .step("thing-endless", "10a", "exec sleep 20");
    List<String> names = new ArrayList<>(new TreeSet<>(EXPECTED.keySet()));
    Set<String> ended = new HashSet<>();
    Set<String> endless = new HashSet<>();
    int published = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // What ended right before the last kill need not be there.
      int before = agent.lines().size();
      agent.start();
      String broken = "module/m" + published++;
      redis.publish(broken + "/event/thing-endless", "{}");
      agent.awaitSaid(broken + "/event/thing-endless is starting", 1);
      endless.add(broken);
      long next = System.nanoTime() + (500 + random.nextInt(500)) * 1_000_000L;
      boolean noted = false;
      // What has ended at one time has to be there; a second later comes the kill, amid other runs.
      while (!noted || System.nanoTime() < next) {
        redis.publish(
            "module/m" + published++ + "/event/" + names.get(random.nextInt(names.size())), "{}");
        Thread.sleep(random.nextInt(40));
        if (!noted && System.nanoTime() >= next) {
          agent.lines().stream()
              .skip(before)
              .map(ENDED::matcher)
              .filter(Matcher::matches)
              .forEach(line -> ended.add(line.group(1)));
          noted = true;
          next = System.nanoTime() + 1_000_000_000L;
        }
      }
      agent.kill();
      check(agent.all(), ended, endless);
    }
    assertTrue(ended.size() > 5 * KILLS, ended.size() + " runs, " + WHY);
    // The next process goes on where the last one was torn off.
    agent.start();
    agent.run("module/m0/event/thing-done");
    agent.end();
    check(agent.all(), ended, endless);
  }

  private static void check(List<JsonNode> runs, Set<String> ended, Set<String> endless) {
    Set<String> keys = new HashSet<>();
    Set<String> told = new HashSet<>();
    Set<String> interrupted = new HashSet<>();
    for (JsonNode run : runs) {
      assertTrue(keys.add(run.path("run").stringValue()), "told twice: " + run + ", " + WHY);
      String outcome = run.path("outcome").stringValue();
      String source = run.path("source").stringValue();
      if (outcome.equals("interrupted")) {
        interrupted.add(source);
      } else {
        told.add(source);
        assertEquals(
            EXPECTED.get(run.path("event").stringValue()),
            outcome + " " + run.path("code").intValue(),
            run + ", " + WHY);
      }
    }
    Set<String> missing = new TreeSet<>(ended);
    missing.removeAll(told);
    assertEquals(
        Set.of(),
        missing,
        () ->
            WHY
                + ", told of these: "
                + runs.stream()
                    .filter(run -> missing.contains(run.path("source").stringValue()))
                    .toList());
    Set<String> untold = new TreeSet<>(endless);
    untold.removeAll(interrupted);
    assertEquals(Set.of(), untold, "interrupted ones, " + WHY);
  }

  private Path disk(Path at) throws IOException, InterruptedException {
    Files.createDirectories(at);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "none", at.toString()) == 0,
        "no file system may be mounted");
    mounted.add(at);
    return at;
  }

  private static void fill(Path disk) throws IOException, InterruptedException {
    run("dd", "if=/dev/zero", "of=" + disk.resolve("full"), "bs=1k", "count=1000");
  }

  @Test
  void fullDiskStopsNothingAndIsToldOnce(RedisServer redis)
      throws IOException, InterruptedException {
    agent = new HistoryAgent(redis, directory).step("thing-done", "10a", "seq 1 100");
    Path disk = disk(agent.files().getParent());
    agent.start();
    agent.run("module/a/event/thing-done");
    Eventually.await("it is written", HistoryAgent.LIMIT, () -> agent.all().size() == 1);
    fill(disk);
    for (int i = 0; i < 40; i++) {
      agent.run("module/b" + i + "/event/thing-done");
    }
    agent.awaitSaid("<3>Cannot write the history of runs to " + agent.files(), 1);
    // What fits is told, and nothing that is torn; the rest waits.
    assertTrue(agent.all().size() < 41);
    Files.delete(disk.resolve("full"));
    agent.awaitSaid("<5>The history of runs is written again, and lacks nothing", 1);
    agent.run("module/c/event/thing-done");
    Eventually.await("all are there", HistoryAgent.LIMIT, () -> agent.all().size() == 42);
    assertEquals(1, agent.said("Cannot write the history"), () -> "more lines than one");
    agent.end();
    assertEquals(42, agent.all().size());
    for (JsonNode run : agent.all()) {
      assertEquals("completed", run.path("outcome").stringValue());
    }
  }

  @Test
  void fullDiskOfOneIsNoMatterForTheOther(RedisServer redis)
      throws IOException, InterruptedException {
    agent = new HistoryAgent(redis, directory).step("thing-done", "10a", "echo x");
    Path disk = disk(agent.states().resolve("module+bad1"));
    fill(disk);
    String agents =
        List.of("bad1", "good1").stream()
            .map(
                name ->
                    "{\"id\":\"module/%1$s\",\"events-directories\":[\"%2$s/events\"],\"state-directory\":\"%2$s\"}"
                        .formatted(name, directory))
            .collect(Collectors.joining(",", "{\"agents\":[", "]}"));
    Path config = Files.writeString(directory.resolve("agents.json"), agents);
    agent.startWith(List.of("--config=" + config, "--state-directory=" + agent.states()));
    for (int i = 0; i < 20; i++) {
      redis.publish("module/b" + i + "/event/thing-done", "{}");
    }
    agent.awaitSaid("exited with status \"completed\"", 40);
    Eventually.await(
        "the other's are written",
        HistoryAgent.LIMIT,
        () ->
            Files.exists(agent.states().resolve("module+good1/runs"))
                && agent.allOf("module/good1").size() == 20);
    assertEquals(1, agent.said("agent@bad1: Cannot write the history of runs"));
    assertEquals(0, agent.said("agent@good1: Cannot write"));
    Files.delete(disk.resolve("full"));
    agent.awaitSaid("agent@bad1: The history of runs is written again", 1);
    assertEquals(20, agent.allOf("module/bad1").size());
  }
}
