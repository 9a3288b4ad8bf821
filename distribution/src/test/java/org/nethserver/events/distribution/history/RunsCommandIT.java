package org.nethserver.events.distribution.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;
import tools.jackson.databind.JsonNode;

/** What an agent of the built image has run, as {@code events runs} shows it. */
@ExtendWith(RedisExtension.class)
final class RunsCommandIT {
  @TempDir private Path directory;
  private HistoryAgent agent;

  @BeforeEach
  void prepare(RedisServer redis) throws IOException {
    agent =
        new HistoryAgent(redis, directory)
            .step("user-created", "10first", "echo one; echo 'ADMIN_PASSWORD=hunter2 two' >&2")
            .step("user-created", "20second", "echo '{\"api_token\": \"hunter2\", \"a\": 1}'")
            .step("cert-renewed", "10install", "printf 'no \\033[31mkey\\033[0m\\n'; exit 3")
            .step("disk-filled", "10endless", "exec sleep 60");
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private void runAll() throws IOException {
    agent.run("module/openldap1/event/user-created");
    agent.run("module/traefik1/event/cert-renewed");
    agent.run("cluster/event/disk-filled");
    Eventually.await("all are written", HistoryAgent.LIMIT, () -> agent.all().size() == 3);
  }

  @Test
  void allRunsAreShown() throws IOException, InterruptedException {
    agent.start("--step-timeout=1s");
    runAll();
    List<String> lines = agent.runs().lines();
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(
        lines.get(0).matches("TIME +EVENT +SOURCE +OUTCOME +TOOK +FAILED AT +ID"), lines.get(0));
    String time = "[0-9-]{10} [0-9:.]{12} +";
    assertTrue(
        lines.get(1).matches(time + "user-created +module/openldap1 +completed +\\d+ms +\\S+-1"),
        lines.get(1));
    assertTrue(
        lines
            .get(2)
            .matches(
                time + "cert-renewed +module/traefik1 +aborted \\(3\\) +\\d+ms +10install +\\S+-2"),
        lines.get(2));
    assertTrue(
        lines.get(3).matches(time + "disk-filled +cluster +timed-out +1.\\ds +10endless +\\S+-3"),
        lines.get(3));

    List<JsonNode> runs = agent.all();
    assertEquals("completed", runs.get(0).path("outcome").stringValue());
    assertEquals(3, runs.get(1).path("code").intValue());
    assertEquals(-1, runs.get(2).path("code").intValue());
    assertEquals("timed-out", runs.get(2).path("steps").get(0).path("outcome").stringValue());
    assertEquals(2, runs.get(0).path("steps").size());
    assertFalse(runs.toString().contains("output"));

    assertEquals(2, agent.all("--failed").size());
    assertEquals(1, agent.all("--event=user-*").size());
    assertEquals(2, agent.all("--event=module/*/event/*").size());
    assertEquals(3, agent.all("--since=1h").size());
    assertEquals("disk-filled", agent.all("--limit=1").getFirst().path("event").stringValue());
    HistoryAgent.Said none = agent.runs("--event=none");
    assertEquals(0, none.code());
    assertEquals("", none.out());
    assertEquals("No runs of these\n", none.err());
  }

  @Test
  void oneRunIsShownWithItsStepsAndTheirOutputWithoutSecrets()
      throws IOException, InterruptedException {
    agent.start();
    agent.run("module/openldap1/event/user-created");
    agent.run("module/traefik1/event/cert-renewed");
    Eventually.await("both are written", HistoryAgent.LIMIT, () -> agent.all().size() == 2);
    String first = agent.all().get(0).path("id").stringValue();
    HistoryAgent.Said said = agent.runs(first);
    assertTrue(
        said.out()
            .matches(
                "(?s)module/openldap1/event/user-created  completed\n"
                    + "  id +"
                    + first
                    + "\n  began .*\n  took .*\n\n"
                    + "  10first  completed in \\S+\n"
                    + ".*    \\| ADMIN_PASSWORD=\\*\\*\\* two\n.*"
                    + "  20second  completed in \\S+\n"
                    + "    \\| \\{\"api_token\": \"\\*\\*\\*\", \"a\": 1\\}\n\n"),
        said.out());
    assertTrue(said.out().contains("    | one\n"), said.out());
    String second = agent.all().get(1).path("id").stringValue();
    assertTrue(agent.runs(second).out().contains("10install  failed with exit status 3"), second);
    assertTrue(agent.runs(second).out().contains("    | no \\x1b[31mkey\\x1b[0m\n"), second);
    assertTrue(
        agent
            .all(second)
            .getFirst()
            .path("steps")
            .get(0)
            .path("output")
            .stringValue()
            .startsWith("no \u001b[31mkey"));
    for (String file : List.of("000001.jsonl")) {
      assertFalse(Files.readString(agent.files().resolve(file)).contains("hunter2"));
    }

    // The ids differ in their last letter.
    String common = first.substring(0, first.length() - 1);
    HistoryAgent.Said both = agent.runs(common);
    assertEquals(1, both.code());
    assertEquals(
        "2 events have an id that begins with \""
            + common
            + "\"; write more of it: "
            + first
            + ", "
            + second
            + "\n",
        both.err());
    assertTrue(agent.runs("nosuch").err().startsWith("no run of an event whose id begins with"));
    assertEquals(2, agent.runs(first, "--failed").code());
  }

  @Test
  void newRunsAreFollowed() throws IOException, InterruptedException {
    agent.start();
    agent.run("module/openldap1/event/user-created");
    Eventually.await("it is written", HistoryAgent.LIMIT, () -> agent.all().size() == 1);
    Process following = agent.typing(HistoryAgent.ID, "--follow").start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(following.getInputStream(), UTF_8))) {
      assertTrue(out.readLine().startsWith("TIME"));
      assertTrue(out.readLine().contains("user-created"));
      agent.run("module/traefik1/event/cert-renewed");
      assertTrue(out.readLine().contains("cert-renewed"));
    } finally {
      following.destroyForcibly();
    }
  }

  @Test
  void runsThatTheAgentEndsWithAreWritten() throws IOException, InterruptedException {
    agent.start();
    agent.run("module/openldap1/event/user-created");
    agent.end();
    assertEquals(1, agent.all().size());
    agent.start();
    agent.step("user-created", "10first", "exec sleep 60");
    long started = agent.said("is starting step 10first");
    // The run that SIGTERM breaks off.
    assertEquals(
        0,
        new ProcessBuilder(
                HistoryAgent.image().resolve("bin/events").toString(),
                "publish",
                "module/openldap1",
                "user-created",
                "{\"user\":\"a\"}",
                "--raw",
                "--redis=redis://127.0.0.1:" + redisPort())
            .inheritIO()
            .start()
            .waitFor());
    agent.awaitSaid("is starting step 10first", started + 1);
    agent.end();
    List<JsonNode> runs = agent.all();
    assertEquals(2, runs.size());
    assertEquals("stopped", runs.get(1).path("outcome").stringValue());
    assertEquals(0, agent.all("--failed").size());
  }

  private String redisPort() throws IOException {
    String line =
        agent.lines().stream()
            .filter(each -> each.contains("Subscribed to"))
            .findFirst()
            .orElseThrow();
    return line.replaceAll(".*:", "");
  }

  @Test
  void withoutHistoryItIsSaidWhatToDo() throws IOException, InterruptedException {
    HistoryAgent.Said nobody = agent.runs();
    assertEquals(1, nobody.code());
    assertTrue(
        nobody.err().startsWith("no agent module/mine1 has kept its state there: "), nobody.err());
    agent.start("--history=false");
    agent.run("module/openldap1/event/user-created");
    assertFalse(Files.exists(agent.states()), "nothing is made for nothing");
    Files.createDirectories(agent.files().getParent());
    HistoryAgent.Said none = agent.runs();
    assertEquals(1, none.code());
    assertEquals(
        "there is no history of runs in "
            + agent.files().getParent()
            + ": an agent begins one with its first run, unless it is started with"
            + " --history=false\n",
        none.err());
  }

  @Test
  void historyThatIsAskedForNeedsAPlace() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                HistoryAgent.image().resolve("bin/events-agent").toString(),
                "--agentid=a",
                "--eventsdir=/e",
                "--history")
            .redirectErrorStream(true);
    builder.environment().remove("STATE_DIRECTORY");
    Process refused = builder.start();
    assertEquals(
        "<3>--history needs a place for what it keeps: say where with --state-directory=DIR (see"
            + " events-agent --help)\n",
        new String(refused.getInputStream().readAllBytes(), UTF_8));
    assertTrue(refused.waitFor(20, TimeUnit.SECONDS));
    assertEquals(2, refused.exitValue());
  }

  @Test
  void pageIsWrittenForItsUserAloneAndThroughNoLink() throws IOException, InterruptedException {
    agent.start();
    agent.run("module/openldap1/event/user-created");
    Eventually.await("it is written", HistoryAgent.LIMIT, () -> agent.all().size() == 1);
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
    Path page = Files.createSymbolicLink(directory.resolve("page.html"), elsewhere);
    HistoryAgent.Said said = agent.runs("--html=" + page);
    assertEquals(0, said.code(), said.toString());
    assertEquals("1 runs are in " + page + "\n", said.err());
    assertEquals("mine", Files.readString(elsewhere));
    assertFalse(Files.isSymbolicLink(page));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(page)));
    assertTrue(Files.readString(page).contains("user-created"));
    assertTrue(agent.runs("--html=-").out().startsWith("<!DOCTYPE html>\n"));
    HistoryAgent.Said nowhere = agent.runs("--html=" + directory.resolve("no/page.html"));
    assertEquals(1, nowhere.code());
    assertTrue(nowhere.err().startsWith("cannot write \""), nowhere.err());
    assertEquals(2, agent.runs("--html=-", "--follow").code());
  }
}
