package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nethserver.events.agent.testing.PluginCompiler.modular;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24: handlers in Java of other users' agents are called by processes of these users. */
class WorkerIT {
  private static final String EVENT = "user-created";
  private static final String CHANNEL = "cluster/event/" + EVENT;
  private static final String RETURN = "return HandlerResult.success();";
  private static final int IDLE_MILLIS = 2000;

  @RegisterExtension final Stage stage = new Stage();
  private Node node;

  @BeforeEach
  void makeNode() {
    String missing = Node.missing();
    assumeTrue(missing.isEmpty(), missing);
    node = new Node(stage);
  }

  /** Where all users can reach it, wherever the build lies. */
  private Launch launch() {
    Path image = stage.root().resolve("image");
    Shell.run("cp -r '%s' '%s'".formatted(ContractAgent.image(), image));
    return node.launch()
        .image(image)
        .variable("JDK_JAVA_OPTIONS", "-Dorg.nethserver.events.worker.idle=" + IDLE_MILLIS);
  }

  private Path module(String name) {
    Path module = node.rootless(name, "");
    Shell.run("mkdir '%s/plugins'".formatted(module));
    return module;
  }

  private void handler(Path module, String name, String body) {
    modular(name, "20" + name, EVENT, body).jar(module.resolve("plugins/" + name + ".jar"));
    Shell.run("chown -R --reference='%1$s/state' '%1$s/plugins'".formatted(module));
  }

  /** What a handler does to add a line to {@link Stage#seen}. */
  private String seen(String expression) {
    return """
    java.nio.file.Files.writeString(
        java.nio.file.Path.of("%s"), %s + "\\n", java.nio.file.StandardOpenOption.APPEND);
    """
        .formatted(stage.notes().resolve("seen"), expression);
  }

  private static final String STATUS =
      """
      String said = java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status"))
          .stream().filter(line -> line.matches("(Uid|Gid|CapPrm|CapEff|CapAmb):.*"))
          .map(line -> line.replaceAll("\\\\s+", " "))
          .collect(java.util.stream.Collectors.joining(" "));
      """;

  private static List<Long> workers(ContractAgent agent) {
    return ProcessHandle.of(agent.pid()).stream()
        .flatMap(ProcessHandle::children)
        .filter(child -> child.info().arguments().map(WorkerIT::isWorker).orElse(false))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static boolean isWorker(String[] arguments) {
    return arguments.length > 0 && arguments[arguments.length - 1].equals("worker");
  }

  private static void awaitNoWorker(ContractAgent agent) {
    Await.until("no worker", () -> workers(agent).isEmpty());
  }

  @Claim("24t")
  @Test
  void handlerRunsAmongScriptsAsTheUserInAProcessThatComesAndGoes() throws IOException {
    Path module = module("java1");
    node.step(module, EVENT, "seen script $(id -u)");
    handler(module, "a", STATUS + seen("said + \" \" + event.payload().text()") + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");
    awaitNoWorker(agent);

    stage.redis().publish(CHANNEL, "{\"n\":1}");

    int uid = node.uid("java1");
    String ids = String.join(" ", Collections.nCopies(4, "" + uid));
    String none = "0000000000000000";
    assertEquals(
        List.of(
            "script " + uid,
            "Uid: %s Gid: %s CapPrm: %s CapEff: %s CapAmb: %s {\"n\":1}"
                .formatted(ids, ids, none, none, none)),
        stage.awaitSeen(2),
        agent::said);
    agent.awaitLine("exited with status \"completed\" (0) at step 20a");
    assertEquals(1, workers(agent).size());
    assertNothingOpenBelow(agent, module.resolve("plugins"));
    awaitNoWorker(agent);
  }

  /** Neither mapped nor open: the process has not loaded it. */
  private static void assertNothingOpenBelow(ContractAgent agent, Path plugins) throws IOException {
    Path process = Path.of("/proc/" + agent.pid());
    assertFalse(Files.readString(process.resolve("maps")).contains(plugins.toString()));
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      List<String> targets = new ArrayList<>();
      for (Path descriptor : open.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          targets.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
      assertTrue(targets.stream().noneMatch(t -> t.startsWith(plugins.toString())), "" + targets);
    }
  }

  @Claim("24t")
  @Test
  void eventsKeepTheirOrderWhileTheWorkerStarts() {
    Path module = module("java1");
    handler(module, "a", seen("event.payload().text()") + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");
    awaitNoWorker(agent);
    int events = 50;

    IntStream.range(0, events).forEach(i -> stage.redis().publish(CHANNEL, "" + i));

    assertEquals(
        IntStream.range(0, events).mapToObj(Integer::toString).toList(),
        stage.awaitSeen(events),
        agent::said);
  }

  @Claim("24t")
  @Test
  void whateverBecomesOfAWorkerConcernsItsOwnCallsAlone() throws IOException {
    Path bad = module("bad1");
    handler(
        bad,
        "a",
        """
        switch (event.payload().text()) {
          case "exit" -> System.exit(7);
          case "garbage" -> {
            // Where the worker writes to the agent.
            try (var out = new java.io.FileOutputStream("/proc/self/fd/4")) {
              out.write("no message at all".getBytes());
            }
          }
          case "wait" -> Thread.sleep(600_000);
          default -> {}
        }
        """
            + RETURN);
    Path good = module("good1");
    handler(good, "b", seen("event.payload().text()") + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");
    agent.awaitLine("Loaded plugin \"b\"");

    stage.redis().publish(CHANNEL, "exit");
    agent.awaitLine("A plugin has called System.exit, and its worker ends at once.");
    agent.awaitLine(
        "bad1: The worker, which calls handlers in Java, is gone: it ended with code 7");
    stage.redis().publish(CHANNEL, "garbage");
    agent.awaitLine("it sent what no worker sends (a message of 1852776557 bytes), and was killed");
    Await.until(
        "the back-off is over",
        () -> {
          stage.redis().publish("cluster/event/" + EVENT, "wait");
          return agent.lines("is starting step 20a").size() >= 3;
        });
    // Before it has become the user's it is root's.
    Await.until("a worker of the user", () -> workersOf(agent, "bad1").size() == 1);
    Shell.run("kill -9 " + workersOf(agent, "bad1").getFirst());
    agent.awaitLine("is gone: it was ended by signal 9");

    List<String> seen = stage.awaitSeen(3);
    assertEquals(List.of("exit", "garbage", "wait"), seen.subList(0, 3), agent::said);
    assertTrue(agent.running());
  }

  private List<Long> workersOf(ContractAgent agent, String user) {
    return workers(agent).stream().filter(pid -> uid(pid) == node.uid(user)).toList();
  }

  private static int uid(long pid) {
    try {
      return (int) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    } catch (IOException e) {
      return -1;
    }
  }

  @Claim("24t")
  @Test
  void callThatNeverReturnsIsGivenUpAndItsWorkerReplaced() {
    Path module = module("java1");
    handler(
        module,
        "a",
        "while (event.payload().text().equals(\"spin\")) { Thread.onSpinWait(); }" + RETURN);
    ContractAgent agent = launch().flags("--step-timeout=1s").subscribed();
    agent.awaitLine("Loaded plugin \"a\"");

    stage.redis().publish(CHANNEL, "spin");

    agent.awaitLine("\"a\" is stuck: its handler \"20a\" was interrupted amid " + CHANNEL);
    agent.awaitLine("failed at step 20a: still running after 1s and ended");
    awaitNoWorker(agent);
    stage.redis().publish(CHANNEL, "{}");
    agent.awaitLine("exited with status \"completed\" (0) at step 20a");
  }

  @Claim("24t")
  @Test
  void workersEndWithAHostThatIsKilled() {
    Path module = module("java1");
    handler(module, "a", seen("\"called\"") + "Thread.sleep(600_000);" + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");
    stage.redis().publish(CHANNEL, "{}");
    stage.awaitSeen(1);
    List<Long> workers = workers(agent);
    assertEquals(1, workers.size());

    Shell.run("kill -9 " + agent.pid());

    Await.until("the worker is gone", () -> !Processes.alive(workers.getFirst()));
  }

  @Claim("24t")
  @Test
  void reloadTakesTheNewVersionAndKeepsTheOldForOneThatIsBroken() throws IOException {
    Path module = module("java1");
    handler(module, "a", seen("\"old\"") + RETURN);
    Path other = module("other1");
    handler(other, "b", seen("\"other\"") + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");

    handler(module, "a", seen("\"new\"") + RETURN);
    agent.signal("HUP");
    agent.awaitLine("is in place of the former");
    stage.redis().publish(CHANNEL, "{}");
    assertEquals(List.of("new", "other"), stage.awaitSeen(2).stream().sorted().toList());

    Files.writeString(module.resolve("plugins/a.jar"), "no jar");
    agent.signal("HUP");
    agent.awaitLine("Plugin \"a\" in \"" + module.resolve("plugins/a.jar") + "\":");
    // The other one's comes and goes, while that with the former version stays.
    for (int i = 2; i <= 3; i++) {
      Await.until("only the worker with a former version", () -> workers(agent).size() == 1);
      stage.redis().publish(CHANNEL, "{}");
      assertEquals(i, stage.awaitSeen(2 * i).stream().filter("new"::equals).count(), agent::said);
    }
  }

  @Claim("24w")
  @Test
  void floodOnStandardErrorFillsNoMemoryAndDelaysNobody() throws IOException {
    Path bad = module("bad1");
    handler(
        bad,
        "a",
        """
        byte[] lines = "\\n".repeat(1 << 16).getBytes();
        try (var out = new java.io.FileOutputStream(java.io.FileDescriptor.err)) {
          for (int written = 0; written < 1 << 9; written++) {
            out.write(lines);
          }
        }
        """
            + RETURN);
    Path good = module("good1");
    handler(good, "b", seen("event.payload().text()") + RETURN);
    ContractAgent agent = launch().flags("--step-timeout=20s").subscribed();
    agent.awaitLine("Loaded plugin \"a\"");
    agent.awaitLine("Loaded plugin \"b\"");

    stage.redis().publish(CHANNEL, "1");
    stage.awaitSeen(1);
    Await.until("a flood", () -> agent.lines("worker: ").size() > 10_000);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 2; i <= 20; i++) {
      stage.redis().publish("module/x" + i + "/event/" + EVENT, "" + i);
      long begin = System.nanoTime();
      stage.awaitSeen(i);
      long took = System.nanoTime() - begin;
      least = Math.min(least, took);
      most = Math.max(most, took);
    }

    assertTrue(most < 2_000_000_000L, "delayed by " + most / 1_000_000 + " ms");
    assertTrue(residentMegabytes(agent) < 130, residentMegabytes(agent) + " MB");
  }

  private static long residentMegabytes(ContractAgent agent) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Claim("24t")
  @Test
  void programThatAHandlerStartsMayWriteAndRead() {
    Path module = module("java1");
    handler(
        module,
        "a",
        "int code = new ProcessBuilder(\"sh\", \"-c\", \"cat; echo written by a program\")"
            + ".inheritIO().start().waitFor();"
            + seen("code + \" \" + event.payload().text()")
            + RETURN);
    ContractAgent agent = launch().subscribed();
    agent.awaitLine("Loaded plugin \"a\"");

    stage.redis().publish(CHANNEL, "1");
    stage.redis().publish(CHANNEL, "2");

    assertEquals(List.of("0 1", "0 2"), stage.awaitSeen(2), agent::said);
    agent.awaitLines("worker: written by a program", 2);
    assertEquals(List.of(), agent.lines("is gone"));
  }
}
