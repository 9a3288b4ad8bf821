package org.nethserver.events.distribution.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisServer;

/** How much memory a recorder of the built image takes that has had much to do. */
final class RecorderMemoryIT {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final List<String> FLOOD = Collections.nCopies(100_000, "{\"some\":\"thing\"}");

  /** As much as its heap may grow without a collection, and some code. */
  private static final long LEFT = 16 * MEBIBYTE;

  @TempDir private Path logs;

  @Test
  void memoryOfAFloodIsGivenBack() throws IOException {
    try (RecorderStage stage = new RecorderStage(RedisServer.start("--save", ""), logs)) {
      ImageRecorder recorder = stage.start();
      long before = recorder.memory();
      stage.publish(FLOOD);
      stage.awaitKept(FLOOD.size());
      Eventually.await(
          "little more than " + before / MEBIBYTE + " MiB are left",
          RecorderStage.LIMIT,
          () -> recorder.memory() < before + LEFT);
    }
  }
}
