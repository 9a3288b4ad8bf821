package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;

/**
 * Two recorders of the built image on a real Redis, to one of which at a time, or to the Redis of
 * both, something happens. The long form: {@code -Drecorder.kills=30 -Drecorder.events=50000
 * -Drecorder.pause=60}.
 */
final class RecorderFaultsIT {
  private static final int KILLS = Integer.getInteger("recorder.kills", 4);
  private static final int EVENTS = Integer.getInteger("recorder.events", 8_000);
  private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("recorder.pause", 3));

  /** What a recorder would add late, it would add with its next marker. */
  private static final Duration MARKERS = Duration.ofMillis(2_500);

  @TempDir private Path logs;
  private RecorderStage stage;

  @BeforeEach
  void open() {
    stage = new RecorderStage(RedisServer.start("--appendonly", "yes"), logs);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void nothingIsMissingAndNothingIsThereTwice() throws IOException, InterruptedException {
    List<ImageRecorder> recorders = new ArrayList<>(List.of(stage.start(), stage.start()));
    for (int kill = 1; kill <= KILLS; kill++) {
      int until = EVENTS * kill / KILLS;
      int killAt = stage.published() + stage.random.nextInt(until - stage.published());
      int victim = stage.random.nextInt(recorders.size());
      while (stage.published() < until) {
        stage.publish();
        if (stage.published() >= killAt) {
          recorders.get(victim).kill();
        }
      }
      // Only then may the other one end: alone, none can promise anything.
      recorders.get(victim).awaitEnd();
      recorders.set(victim, stage.start());
    }
    stage.assertKept();
  }

  @Test
  void oneThatStoodStillAddsNothing() throws IOException, InterruptedException {
    ImageRecorder still = stage.start();
    stage.start();
    still.signal("STOP");
    stage.publishFor(PAUSE);
    stage.awaitKept();
    still.signal("CONT");
    stage.publish();
    stage.awaitKept();
    Thread.sleep(MARKERS);
    stage.assertKept();
  }

  /** With AOF what was written is there again; what nobody heard is behind a gap. */
  @Test
  void redisIsKilled() throws IOException {
    stage.start();
    stage.start();
    int published = 0;
    for (int kill = 0; kill < 2; kill++) {
      published = publishNumbers(published, 500);
      stage.redis.kill();
      stage.redis.start();
      // Whoever publishes at once may find no recorder there: what is lost so must be told.
      published = publishNumbers(published, 200);
      published = publishUntilRecorded(published);
      published = publishNumbers(published, 500);
      awaitNumber(published - 1);
    }
    assertGapsTellOfAllThatIsMissing(published);
  }

  @Test
  void redisLosesItsMemory() throws IOException {
    stage.start();
    stage.start();
    int published = publishNumbers(0, 500);
    stage.redis.command("FLUSHALL");
    published = publishNumbers(published, 500);
    awaitNumber(published - 1);
    assertTrue(stage.gaps() >= 1, "no gap");
    assertGapsTellOfAllThatIsMissing(published);
  }

  private static String number(int number) {
    return "{\"number\":" + number + "}";
  }

  private static int numberOf(String payload) {
    return Integer.parseInt(payload.replaceAll("[^0-9]", ""));
  }

  private int publishNumbers(int from, int count) throws IOException {
    stage.publish(IntStream.range(from, from + count).mapToObj(RecorderFaultsIT::number).toList());
    return from + count;
  }

  /**
   * One who subscribes records from its first marker on, which may be later than what comes next.
   */
  private int publishUntilRecorded(int from) throws IOException {
    AtomicInteger published = new AtomicInteger(from);
    Eventually.await(
        "what is published from number " + from + " on is recorded",
        RecorderStage.LIMIT,
        () -> {
          published.set(publishNumbers(published.get(), 1));
          return numberOf(stage.recorded().getLast()) >= from;
        });
    return published.get();
  }

  private void awaitNumber(int number) {
    Eventually.await(
        "number " + number + " is recorded",
        RecorderStage.LIMIT,
        () -> stage.recorded().contains(number(number)));
  }

  /** Between two entries without a gap there is nothing; no event comes twice. */
  private void assertGapsTellOfAllThatIsMissing(int published) {
    int before = -1;
    boolean gap = true;
    for (List<Object> entry : stage.entries()) {
      if (RecorderStage.isGap(entry)) {
        gap = true;
        continue;
      }
      int number = numberOf(RecorderStage.payload(entry));
      assertTrue(gap ? number > before : number == before + 1, before + ", then " + number);
      before = number;
      gap = false;
    }
    assertEquals(published - 1, before);
  }

  /** The line of docs/journal.md is all that a recorder needs. */
  @Test
  void userOfTheDocumentsIsEnough() throws IOException {
    String text = Files.readString(Path.of("../docs/journal.md"));
    String line =
        text.substring(text.indexOf("ACL SETUSER recorder"), text.indexOf("A reader (`events"));
    stage.redis.command((Object[]) line.strip().replaceAll("[\\\\\\s]+", " ").split(" "));
    stage.redis.command("ACL", "SETUSER", "default", "-eval", "-xadd");
    stage.login("recorder", "SECRET");
    stage.start("--max-events=100");
    stage.start("--max-events=100");
    awaitNumber(publishNumbers(0, 1_000) - 1);
    int left = stage.recorded().size();
    assertTrue(left <= 200, () -> left + " are left");
  }
}
