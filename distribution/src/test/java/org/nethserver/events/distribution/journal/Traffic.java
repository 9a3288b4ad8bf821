package org.nethserver.events.distribution.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.nethserver.events.redis.testing.RedisProbe;

/**
 * Publishes numbered events of one name on several channels, by chance on this one or that. The
 * events of each channel have the numbers 0, 1, 2 and so on.
 */
final class Traffic {
  private static final int BATCH = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final JournalCluster cluster;
  private final String event;
  private final Random random;
  private final int[] sent;
  private String padding = "";

  Traffic(JournalCluster cluster, String event, int channels, Random random) {
    this.cluster = cluster;
    this.event = event;
    this.random = random;
    this.sent = new int[channels];
  }

  /** Goes on at another Redis. */
  Traffic at(JournalCluster other) {
    Traffic traffic = new Traffic(other, event, sent.length, random);
    System.arraycopy(sent, 0, traffic.sent, 0, sent.length);
    return traffic;
  }

  /** Makes payloads larger from now on. */
  void pad(int bytes) {
    padding = "\n" + " ".repeat(bytes);
  }

  /** Returns how many events were published on each channel. */
  int[] sent() {
    return sent.clone();
  }

  String event() {
    return event;
  }

  String channel(int channel) {
    return "module/source" + channel + "/event/" + event;
  }

  private Object[] next(int channel) {
    String payload = "{\"channel\":%d,\"number\":%d}".formatted(channel, sent[channel]++);
    return new Object[] {"PUBLISH", channel(channel), payload + padding};
  }

  void publish(int events) throws IOException {
    try (RedisProbe probe = cluster.publisher()) {
      publish(probe, events);
    }
  }

  private void publish(RedisProbe probe, int events) throws IOException {
    List<Object[]> commands = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      commands.add(next(random.nextInt(sent.length)));
    }
    probe.pipeline(commands);
  }

  void publishOn(int channel) throws IOException {
    try (RedisProbe probe = cluster.publisher()) {
      probe.send(next(channel));
    }
  }

  /** Publishes one more on each channel: when these were run, all were. */
  void publishLast() throws IOException {
    try (RedisProbe probe = cluster.publisher()) {
      List<Object[]> commands = new ArrayList<>();
      for (int channel = 0; channel < sent.length; channel++) {
        commands.add(next(channel));
      }
      probe.pipeline(commands);
    }
  }

  /** Publishes some 200 events a second. */
  void publishFor(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    try (RedisProbe probe = cluster.publisher()) {
      while (System.nanoTime() < end) {
        publish(probe, BATCH);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Publishes some 200 events a second while something else happens. */
  void publishDuring(Callable<?> happening) throws Exception {
    try (RedisProbe probe = cluster.publisher()) {
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!Thread.currentThread().isInterrupted()) {
                        publish(probe, BATCH);
                        Thread.sleep(PAUSE);
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    } catch (IOException e) {
                      // What was sent last may have been published, or not: the test sees it.
                      Thread.currentThread().interrupt();
                    }
                  });
      try {
        happening.call();
      } finally {
        other.interrupt();
        other.join();
      }
    }
  }
}
