package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** How fast an agent makes good what it missed while it was down. */
final class CatchUp {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Subject subject;
  private final Home home;
  private final Duration settling;

  private CatchUp(Subject subject, Home home, Duration settling) {
    this.subject = subject;
    this.home = home;
    this.settling = settling;
  }

  /**
   * What came of it.
   *
   * @param missed how many events were published while the agent was down
   * @param expected how many of them it had to answer
   * @param answered how many it did
   * @param took from its subscription to its last answer
   * @param cpu of the agent, its start included
   * @param memory of it then, in MB
   * @param settled the same a while later
   */
  record Caught(
      int missed,
      int expected,
      int answered,
      Duration took,
      Duration cpu,
      double memory,
      double settled) {
    double perSecond() {
      return missed * 1e9 / took.toNanos();
    }

    double cpuMicros() {
      return cpu.toNanos() / 1e3 / missed;
    }
  }

  /**
   * Has an agent with a handler catch up.
   *
   * @param subject the agent, which has a recorder
   * @param events how many it misses
   * @param answered whether its handler answers them; else it answers the last one alone
   * @param settling how long it is left alone afterwards
   */
  static Caught run(Subject subject, Tools tools, int events, boolean answered, Duration settling)
      throws IOException, InterruptedException {
    try (Home home = Home.furnish(subject, tools)) {
      return new CatchUp(subject, home, settling).measure(events, answered);
    }
  }

  private Caught measure(int events, boolean answered) throws IOException, InterruptedException {
    meet();
    Recording recording = home.recording().orElseThrow();
    try (Publisher publisher = new Publisher(recording.redis().port())) {
      recording.flood(publisher, answered ? Agent.ANSWERED : Agent.UNHEARD, events - 1);
      // Entries are passed in their order: whoever has answered this one has passed all.
      recording.single(publisher, Agent.ANSWERED, events - 1);
    }
    int expected = answered ? events : 1;
    try (Agent agent = Agent.start(subject, home)) {
      long begin = System.nanoTime();
      int came = agent.await(expected);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      Duration cpu = agent.tree().cpu();
      double memory = agent.tree().memory().rss();
      Thread.sleep(settling);
      return new Caught(events, expected, came, took, cpu, memory, agent.tree().memory().rss());
    }
  }

  /**
   * Has the agent be told where the journal is: what lies before its first start is not its own.
   */
  private void meet() throws IOException, InterruptedException {
    try (Agent agent = Agent.start(subject, home)) {
      agent.flood(1, 1);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!hasPlace()) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the agent finds no place in the journal:\n" + home.said());
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private boolean hasPlace() throws IOException {
    try (Stream<Path> files = Files.walk(home.state())) {
      for (Path file :
          files.filter(each -> each.getFileName().toString().startsWith("journal-")).toList()) {
        if (Files.readString(file).lines().anyMatch(line -> line.startsWith("C "))) {
          return true;
        }
      }
      return false;
    }
  }
}
