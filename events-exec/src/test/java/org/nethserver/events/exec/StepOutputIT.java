package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener;

/** What a step writes. */
final class StepOutputIT {
  private static final long GIGABYTE = 1L << 30;

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

  @Test
  void everyLineComesInTheOrderOfItsStream() {
    scripts.bash("10count", "for i in {1..20000}; do echo out$i; echo err$i >&2; done");
    RecordingListener listener = scripts.complete("10count");
    assertEquals(
        IntStream.rangeClosed(1, 20_000).mapToObj("out%d"::formatted).toList(), listener.stdout());
    assertEquals(
        IntStream.rangeClosed(1, 20_000).mapToObj("err%d"::formatted).toList(), listener.stderr());
  }

  @Test
  void lastWordsComeBeforeTheEndAlsoWithoutNewline() {
    scripts.bash("10last", "printf 'one\\nlast'; printf oops >&2; exit 1");
    for (int i = 0; i < 50; i++) {
      RecordingListener listener = scripts.complete("10last");
      assertEquals(List.of("one", "last"), listener.stdout());
      assertEquals(List.of("oops"), listener.stderr());
      assertEquals("ended", listener.calls().getLast());
    }
  }

  @Test
  void aFullPipeIsToldWholeBeforeTheEnd() {
    scripts.bash("10burst", "head -c 65536 /dev/zero | tr '\\0' x; echo; echo last");
    for (int i = 0; i < 20; i++) {
      RecordingListener listener = scripts.complete("10burst");
      assertEquals("last", listener.stdout().getLast());
      assertEquals(2, listener.stdout().size());
    }
  }

  @Test
  void stepMayCloseItsOutputAndGoOn() {
    scripts.bash("10closed", "echo a; exec >&- 2>&-; exit 4");
    RecordingListener listener = scripts.complete("10closed");
    assertEquals(List.of("a"), listener.stdout());
    assertEquals(new Outcome.Failed(4), listener.awaitEnd());
  }

  @Test
  void backgroundChildHoldsNothingUpAndMayWriteLater() {
    Path go = root.resolve("go");
    scripts.bash(
        "10back",
        "(until [ -e %s ]; do sleep 0.05; done; echo later) & printf 'now'; exit 0".formatted(go));
    RecordingListener listener = scripts.complete("10back");
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
    assertEquals(List.of("now"), listener.stdout());
    touch(go);
    listener.awaitLine("later");
    assertEquals(List.of("now", "later"), listener.stdout());
  }

  @Test
  void floodingBackgroundChildDoesNotDelayTheEnd() {
    scripts.bash("10flood", "yes flood & echo $! > %s; exit 3".formatted(root.resolve("pid")));
    CountDownLatch ended = new CountDownLatch(1);
    var unused = scripts.start("10flood", new Counter(ended));
    await(ended, "the end of a step whose child floods");
    kill(Long.parseLong(read(root.resolve("pid")).strip()));
  }

  @Test
  void floodingStepDoesNotStarveAnother() {
    scripts.bash("10flood", "exec yes flood");
    scripts.bash("20quiet", "echo quiet");
    CountDownLatch ended = new CountDownLatch(1);
    var flood = scripts.start("10flood", new Counter(ended));
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of("quiet"), scripts.complete("20quiet").stdout());
    }
    flood.stop(Duration.ZERO);
    await(ended, "the end of the flood");
  }

  @Test
  void leftoversAreDroppedWithTheirSource() {
    Path go = root.resolve("go");
    scripts.bash(
        "10back",
        "trap '' PIPE; (until [ -e %s ]; do sleep 0.05; done; echo later; echo done > %s) & exit 0"
            .formatted(go, root.resolve("done")));
    RecordingListener listener = scripts.complete("10back");
    scripts.close();
    touch(go);
    Scripts.await("the child has written", () -> Files.exists(root.resolve("done")));
    assertEquals(List.of(), listener.stdout());
    scripts = new Scripts(root);
  }

  @Test
  void gigabyteOfLinesTakesNoMemory() {
    scripts.bash("10lines", "yes %s | head -c %d".formatted("x".repeat(1023), GIGABYTE));
    Counter counter = new Counter(new CountDownLatch(1));
    var unused = scripts.start("10lines", counter);
    await(counter.ended, "the end of a gigabyte");
    assertEquals(GIGABYTE / 1024, counter.lines.get());
    assertEquals(GIGABYTE - GIGABYTE / 1024, counter.bytes.get());
    assertTrue(counter.growth() < 16 << 20, () -> counter.growth() + " bytes held");
  }

  @Test
  void gigabyteWithoutNewlineIsOneLineAndTakesNoMemory() {
    scripts.bash("10line", "head -c %d /dev/zero".formatted(GIGABYTE));
    Counter counter = new Counter(new CountDownLatch(1));
    var unused = scripts.start("10line", counter);
    await(counter.ended, "the end of a gigabyte");
    assertEquals(1, counter.lines.get());
    String note = " [" + (GIGABYTE - StepListener.MAX_LINE) + " bytes cut]";
    assertEquals(StepListener.MAX_LINE + note.length(), counter.bytes.get());
    assertTrue(counter.last.endsWith(note), "the note of the cut");
    assertTrue(counter.growth() < 16 << 20, () -> counter.growth() + " bytes held");
  }

  @Test
  void listenerThatThrowsLosesNothingButItsLine() {
    scripts.bash("10two", "echo a; echo b; exit 5");
    RecordingListener recorded = new RecordingListener();
    StepListener throwing =
        new StepListener() {
          @Override
          public void started() {
            recorded.started();
          }

          @Override
          public void output(Stream stream, byte[] line) {
            throw new IllegalStateException("a faulty listener, made by a test");
          }

          @Override
          public void ended(Outcome outcome) {
            recorded.ended(outcome);
          }
        };
    var unused = scripts.start("10two", throwing);
    assertEquals(new Outcome.Failed(5), recorded.awaitEnd());
    assertFalse(recorded.calls().contains("output"));
  }

  /** Counts what comes, and measures the heap that is left after a collection now and then. */
  private static final class Counter implements StepListener {
    private static final long STRIDE = 128 << 20;

    private final CountDownLatch ended;
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final long before = held();
    private volatile long most;
    private volatile String last = "";
    private long next = STRIDE;

    private Counter(CountDownLatch ended) {
      this.ended = ended;
    }

    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {
      lines.incrementAndGet();
      if (bytes.addAndGet(line.length) >= next) {
        next += STRIDE;
        most = Math.max(most, held());
      }
      if (line.length > StepListener.MAX_LINE) {
        last = new String(line, StandardCharsets.US_ASCII);
      }
    }

    @Override
    public void ended(Outcome outcome) {
      most = Math.max(most, held());
      ended.countDown();
    }

    private long growth() {
      return most - before;
    }

    private static long held() {
      System.gc();
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  private static void await(CountDownLatch latch, String what) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS), "waited in vain for " + what);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void touch(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
