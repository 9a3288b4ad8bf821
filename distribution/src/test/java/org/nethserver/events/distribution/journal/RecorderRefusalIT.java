package org.nethserver.events.distribution.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.SmallDisk;

/**
 * Two recorders of the built image on a real Redis that writes nothing for a while: all waits in
 * both. The long form: {@code -Drecorder.refusal=300}.
 */
final class RecorderRefusalIT {
  private static final Duration REFUSAL =
      Duration.ofSeconds(Integer.getInteger("recorder.refusal", 2));
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path logs;
  private RecorderStage stage;

  @AfterEach
  void close() {
    if (stage != null) {
      stage.close();
    }
  }

  private List<ImageRecorder> startTwo(RedisServer redis) throws IOException {
    stage = new RecorderStage(redis, logs);
    return List.of(stage.start(), stage.start());
  }

  /** Publishes for as long as Redis refuses, and returns when both recorders have told why. */
  private void publishToBoth(List<ImageRecorder> recorders, String why)
      throws IOException, InterruptedException {
    for (ImageRecorder recorder : recorders) {
      stage.publishUntil(
          "it is told that " + why,
          LIMIT,
          () -> recorder.said("Redis writes no entries, which wait here") > 0);
      assertEquals(1, recorder.said(why));
    }
    stage.publishFor(REFUSAL);
  }

  @Test
  void memoryIsFull() throws IOException, InterruptedException {
    List<ImageRecorder> recorders = startTwo(RedisServer.start("--appendonly", "yes"));
    stage.redis.command("CONFIG", "SET", "maxmemory", "1");
    publishToBoth(recorders, "OOM");
    assertEquals(List.of(), stage.recorded());
    stage.redis.command("CONFIG", "SET", "maxmemory", "0");
    stage.assertKept();
  }

  @Test
  void diskIsFull() throws IOException, InterruptedException {
    String missing = SmallDisk.missing();
    assumeTrue(missing.isEmpty(), missing);
    List<ImageRecorder> recorders =
        startTwo(SmallDisk.start("--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"));
    stage.publish();
    stage.assertKept();
    SmallDisk disk = new SmallDisk(stage.redis);
    disk.fill();
    publishToBoth(recorders, "MISCONF");
    int kept = stage.recorded().size();
    assertTrue(kept < stage.published(), () -> kept + " of " + stage.published() + " are recorded");
    disk.free();
    stage.assertKept();
  }
}
