package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;

/** What a step reads on its stdin. */
final class StepPayloadIT {
  private static final int LARGEST = 28 << 20;

  @TempDir private Path root;
  private Scripts scripts;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1 << 20, LARGEST})
  void payloadArrivesWholeAndThenItsEnd(int size) throws NoSuchAlgorithmException {
    scripts.bash("10sum", "sha256sum");
    byte[] bytes = random(size);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    RecordingListener listener = scripts.complete("10sum", Scripts.run(Payload.of(bytes)));
    assertEquals(List.of(sum + "  -"), listener.stdout());
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4097, 65_537, LARGEST})
  void stepThatReadsNothingIsNoError(int size) {
    scripts.bash("10deaf", "exit 0");
    Payload payload = Payload.wrap(random(size));
    assertEquals(
        new Outcome.Completed(), scripts.complete("10deaf", Scripts.run(payload)).awaitEnd());
  }

  @Test
  void stepMayReadAPartAndGo() {
    scripts.bash("10part", "head -c 100000 | wc -c");
    Payload payload = Payload.wrap(random(LARGEST));
    assertEquals(List.of("100000"), scripts.complete("10part", Scripts.run(payload)).stdout());
  }

  @Test
  void backgroundChildThatHoldsTheInputHoldsNothingUp() {
    scripts.bash("10held", "exec 3<&0; sleep 60 <&3 & echo $!");
    Payload payload = Payload.wrap(random(LARGEST));
    RecordingListener listener = scripts.complete("10held", Scripts.run(payload));
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
    long child = Long.parseLong(listener.stdout().getFirst());
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void slowReaderDelaysNoOtherStep() {
    scripts.bash("10slow", "echo ready; exec sleep 60");
    scripts.bash("20quick", "cat");
    RecordingListener slow = new RecordingListener();
    var running = scripts.step("10slow").start(Scripts.run(Payload.wrap(random(LARGEST))), slow);
    slow.awaitLine("ready");
    assertEquals(
        List.of("{}"), scripts.complete("20quick", Scripts.run(Payload.of("{}"))).stdout());
    running.stop(Duration.ZERO);
    assertEquals(new Outcome.Killed(9), slow.awaitEnd());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
