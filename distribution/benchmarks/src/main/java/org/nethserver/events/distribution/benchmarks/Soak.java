package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Has many hosted agents answer a steady mix of events: some are answered by one, some by all, some
 * by handlers in Java, some by nobody; every third has a payload of 3 KB, the largest that NS8 has.
 */
final class Soak implements AutoCloseable {
  private static final int AGENTS = 20;

  /** Every fourth agent has a plugin; the steps of every other one are scripts. */
  private static final int PLUGIN_EVERY = 4;

  private static final int EVENTS_A_SECOND = 200;

  /** How many sources tell of events, and so of how many channels each event has. */
  private static final int SOURCES = 8;

  /** The mix repeats after as many. */
  private static final int CYCLE = 20;

  /** In each so-manieth cycle the first event is answered by all, not by one. */
  private static final int ALL_EVERY = 5;

  private static final int ANSWERED_BY_JAVA = 10;
  private static final int ANSWERED_BY_NOBODY = 12;
  private static final int LARGE = 3_072;
  private static final int SMALL = 32;
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final Duration STANDSTILL = Duration.ofSeconds(30);

  private final Home home;
  private final Agent process;
  private final Notes notes;
  private int events;

  private Soak(Path image, Tools tools) throws IOException, InterruptedException {
    home = Home.create();
    List<Map<String, Object>> hosted = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (int agent = 0; agent < AGENTS; agent++) {
      Path directory = home.agent(agent);
      for (String event : List.of("one-noted-" + agent, "all-noted")) {
        Path step = directory.resolve("events/" + event + "/10note");
        if (agent % 2 == 0) {
          tools.noteProgram(step);
        } else {
          tools.noteScript(step);
        }
      }
      if (agent % PLUGIN_EVERY == 0) {
        tools.notePlugin(directory.resolve("plugins"));
      }
      hosted.add(home.host(agent));
      files.add(directory.resolve("state/notes"));
    }
    home.configure(hosted);
    notes = new Notes(files);
    process = Agent.start(Subject.hosted("soak", image, new Extent(AGENTS, 0)), home);
  }

  /** Has them work for so long. */
  static Soaked run(Path image, Tools tools, Duration time)
      throws IOException, InterruptedException {
    try (Soak soak = new Soak(image, tools)) {
      Sample.Taker taker = new Sample.Taker(soak.process.tree());
      // All that is made once is made now.
      soak.publish(CYCLE * CYCLE);
      soak.awaitRuns();
      Sample before = taker.take(Duration.ZERO);
      List<Sample> samples = soak.work(time, taker);
      soak.awaitRuns();
      Sample after = taker.take(time);
      return new Soaked(time, soak.events, soak.notes.tally(), before, samples, after);
    }
  }

  private List<Sample> work(Duration time, Sample.Taker taker) throws IOException {
    List<Sample> samples = new ArrayList<>();
    long begin = System.nanoTime();
    for (int second = 0; second < time.toSeconds(); second++) {
      publish(EVENTS_A_SECOND);
      samples.add(taker.take(Duration.ofNanos(System.nanoTime() - begin)));
    }
    return samples;
  }

  /** Publishes at the rate, whatever becomes of the events. */
  private void publish(int count) throws IOException {
    long begin = System.nanoTime();
    for (int sent = 0; sent < count; sent++) {
      long due = begin + Duration.ofSeconds(1).toNanos() * sent / EVENTS_A_SECOND;
      for (long left; (left = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      publishNext();
    }
  }

  private void publishNext() throws IOException {
    int number = events++;
    int place = number % CYCLE;
    int one = number / CYCLE * 7 % AGENTS;
    boolean all = place == 0 && number / CYCLE % ALL_EVERY == 0;
    String name = all ? "all-noted" : "one-noted-" + (one + place) % AGENTS;
    name = place >= ANSWERED_BY_JAVA ? "java-noted" : name;
    name = place >= ANSWERED_BY_NOBODY ? "nobody-cared" : name;
    String channel = "module/source" + number / 3 % SOURCES + "/event/" + name;
    String start = "{\"n\":" + number + ",\"pad\":\"";
    int length = number % 3 == 0 ? LARGE : SMALL;
    String payload = start + "x".repeat(length - start.length() - 2) + "\"}";
    for (int agent = 0; agent < AGENTS; agent++) {
      if (answers(agent, name)) {
        notes.expect(agent, channel, number, length);
      }
    }
    process.publish(channel, payload);
  }

  private static boolean answers(int agent, String event) {
    return switch (event) {
      case "all-noted" -> true;
      case "java-noted" -> agent % PLUGIN_EVERY == 0;
      default -> event.equals("one-noted-" + agent);
    };
  }

  /** Waits until no note has come for a while after all should be there, or none comes any more. */
  private void awaitRuns() throws IOException, InterruptedException {
    long size = notes.size();
    long progress = System.nanoTime();
    while (notes.tally().seen() < notes.expected()
        && System.nanoTime() - progress < STANDSTILL.toNanos()) {
      Thread.sleep(SETTLING);
      long now = notes.size();
      if (now > size) {
        size = now;
        progress = System.nanoTime();
      }
    }
    // What runs twice would come now.
    Thread.sleep(SETTLING);
  }

  @Override
  public void close() throws IOException {
    process.close();
    home.close();
  }
}
