package org.nethserver.events.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.config.AgentArguments;
import org.nethserver.events.agent.run.FakeSource;
import org.nethserver.events.agent.systemd.ChildJvm;
import org.nethserver.events.agent.systemd.DatagramReceiver;

/** The daemon in a JVM of its own, with a transport and steps of the test's. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AgentProcessIT {
  /** Does what the lines of its standard input say. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      FakeSource source = new FakeSource("/steps");
      FakeTransport transport = new FakeTransport();
      Thread.ofPlatform().daemon().name("transport").start(() -> obey(source, transport));
      try (FakeServices _ = new FakeServices(_ -> List.of(source), transport)) {
        System.exit(
            AgentProcess.run(
                AgentArguments.read(
                        List.of("--agentid=module/a1", "--eventsdir=", "--redis=fake://here"))
                    .orElseThrow()));
      }
    }

    private static void obey(FakeSource source, FakeTransport transport) {
      new BufferedReader(new InputStreamReader(System.in, UTF_8))
          .lines()
          .forEach(
              line -> {
                switch (line) {
                  case "subscribed" -> transport.sink().subscribed();
                  case "faulty" -> source.failure = new IllegalStateException("faulty");
                  case "odd" -> uncaught(new IllegalStateException("odd"));
                  case "broken" -> source.failure = new InternalError("a fault of the JVM");
                  default -> transport.bring(line, "{}");
                }
              });
    }

    /** As a transport tells what its sink threw. */
    private static void uncaught(Throwable failure) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
  }

  @TempDir Path directory;

  private DatagramReceiver systemd;
  private Process agent;
  private BufferedReader said;
  private PrintStream told;

  @BeforeEach
  void start() throws Throwable {
    start(Duration.ZERO);
  }

  private void start(Duration watchdog) throws Throwable {
    Path socket = directory.resolve("notify");
    Files.deleteIfExists(socket);
    systemd = new DatagramReceiver(socket.toString());
    List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
    command.addAll(ChildJvm.command(Child.class));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JOURNAL_STREAM", "WATCHDOG_PID"));
    builder.environment().put("WATCHDOG_USEC", Long.toString(watchdog.toNanos() / 1000));
    builder.environment().put("NOTIFY_SOCKET", socket.toString());
    agent = builder.start();
    said = agent.inputReader(UTF_8);
    told = new PrintStream(agent.getOutputStream(), true, UTF_8);
    assertEquals("STATUS=Connecting to fake://here", systemd.text());
  }

  @AfterEach
  void end() throws InterruptedException {
    agent.destroyForcibly().waitFor();
    systemd.close();
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(agent.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor());
  }

  private void awaitLine(String part) throws IOException {
    String line = said.readLine();
    while (line != null && !line.contains(part)) {
      line = said.readLine();
    }
    assertTrue(line != null, () -> "it ended without a line with \"" + part + "\"");
  }

  @Test
  void reloadBeforeTheFirstSubscriptionDoesNotTellThatTheAgentIsReady() throws Throwable {
    signal("HUP");
    awaitLine("Signal SIGHUP caught: no plugin to load");
    told.println("subscribed");
    assertEquals("READY=1\nSTATUS=Subscribed to fake://here", systemd.text());
  }

  @Test
  void laterReloadBeginsAndEnds() throws Throwable {
    told.println("subscribed");
    assertEquals("READY=1\nSTATUS=Subscribed to fake://here", systemd.text());
    signal("HUP");
    String begun = systemd.text();
    assertTrue(begun.matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"), begun);
    String ended = systemd.text();
    assertTrue(ended.startsWith("READY=1\nSTATUS=Reloaded; "), ended);
  }

  @Test
  void watchdogIsFedForAsLongAsTheThreadsAnswer() throws Throwable {
    end();
    start(Duration.ofMillis(300));
    assertEquals("WATCHDOG=1", systemd.text());
    assertEquals("WATCHDOG=1", systemd.text());
  }

  @Test
  void sourceThatThrowsIsNamedInALineAndTheAgentGoesOn() throws IOException {
    told.println("subscribed");
    told.println("faulty");
    told.println("cluster/event/user-created");
    awaitLine(
        "<3>A fault in /steps, which goes on: java.lang.IllegalStateException: faulty at org.");
    told.println("no channel of events");
    awaitLine("<4>Event on channel \"no channel of events\" refused: ");
  }

  @Test
  void faultOfOneTaskIsOneLineAndTheAgentGoesOn() throws Throwable {
    told.println("odd");
    awaitLine("<3>A fault in the thread \"transport\": java.lang.IllegalStateException: odd at ");
    told.println("subscribed");
    assertEquals("READY=1\nSTATUS=Subscribed to fake://here", systemd.text());
  }

  @Test
  void faultOfTheJvmEndsTheProcessWithOneLine() throws IOException, InterruptedException {
    told.println("subscribed");
    awaitLine("Subscribed to fake://here");
    told.println("broken");
    told.println("cluster/event/user-created");
    List<String> lines = said.readAllLines();
    assertEquals(1, agent.waitFor(), lines::toString);
    assertEquals(1, lines.size(), lines::toString);
    String line = lines.getFirst();
    assertTrue(
        line.startsWith(
            "<2>The thread \"dispatch\" died, and the agent with it:"
                + " java.lang.InternalError: a fault of the JVM at "),
        line);
  }
}
