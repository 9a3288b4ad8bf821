package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.StepListener;

/** Many steps, one after the other and at once. */
final class ManyStepsIT {
  private static final int RLIMIT_NOFILE = 7;

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
  void twoHundredRunsLeakNoDescriptorsAndNoZombies() {
    scripts.bash("10step", "cat >/dev/null; echo out; echo err >&2");
    scripts.file("20skipped", "no shebang\n", "rwxr-xr-x");
    scripts.complete("10step");
    long before = descriptors();
    for (int i = 0; i < 200; i++) {
      scripts.complete("10step", Scripts.run(Payload.wrap(new byte[i * 1000])));
      scripts.complete("20skipped");
    }
    assertEquals(before, descriptors());
    assertEquals(0, ProcessHandle.current().children().count());
  }

  @Test
  void sourceLeavesNoDescriptors() {
    scripts.bash("10step", "sleep 60 & echo $!");
    List<Long> children = new ArrayList<>();
    children.add(Long.parseLong(scripts.complete("10step").stdout().getFirst()));
    long before = descriptors();
    for (int i = 0; i < 20; i++) {
      try (Scripts other = new Scripts(root)) {
        children.add(Long.parseLong(other.complete("10step").stdout().getFirst()));
      }
    }
    assertEquals(before, descriptors());
    children.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  @Test
  void thousandsOfStepsAtOnceAllTellTheirOwnCode() throws ExecutionException, InterruptedException {
    int starts = 4000;
    for (int code = 0; code < 8; code++) {
      scripts.bash("step" + code, "exit " + code);
    }
    AtomicIntegerArray counts = new AtomicIntegerArray(8);
    Semaphore places = new Semaphore(64);
    try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      var steps = scripts.entries();
      assertEquals(8, steps.size());
      for (int i = 0; i < starts; i++) {
        int code = i % 8;
        var step = scripts.step("step" + code);
        places.acquire();
        all.add(
            starters.submit(
                () -> step.start(Scripts.run(Payload.of("{}")), expect(code, counts, places))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    places.acquire(64);
    for (int code = 0; code < 8; code++) {
      assertEquals(starts / 8, counts.get(code), "right outcomes of code " + code);
    }
  }

  @Test
  void stepIsSkippedWhenNoDescriptorIsLeft() {
    scripts.bash("05sleeper", "sleep 60");
    scripts.bash("10step", "true");
    scripts.file("20skipped", "no shebang\n", "rwxr-xr-x");
    // Loads the classes needed below: with no descriptor left, Java could not.
    scripts.complete("20skipped");
    assertTrue(StartFailure.noPipe(Errno.EMFILE).startsWith("too many open files"));
    var sleeper = scripts.step("05sleeper");
    var step = scripts.step("10step");
    RecordingListener first = new RecordingListener();
    RecordingListener listener = new RecordingListener();
    long before = descriptors();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle getLimit = Posix.function("getrlimit");
      MethodHandle setLimit = Posix.function("setrlimit");
      MemorySegment limit = arena.allocate(16, 8);
      assertEquals(0, Posix.call(getLimit, RLIMIT_NOFILE, limit.address()));
      long soft = limit.get(ValueLayout.JAVA_LONG, 0);
      // The first keeps three. So there is room for two of the three pipes of the second.
      limit.set(ValueLayout.JAVA_LONG, 0, limitThatLeaves(8));
      assertEquals(0, Posix.call(setLimit, RLIMIT_NOFILE, limit.address()));
      try {
        var running = sleeper.start(Scripts.run(Payload.EMPTY), first);
        var unused = step.start(Scripts.run(Payload.EMPTY), listener);
        running.stop(Duration.ZERO);
      } finally {
        limit.set(ValueLayout.JAVA_LONG, 0, soft);
        assertEquals(0, Posix.call(setLimit, RLIMIT_NOFILE, limit.address()));
      }
    }
    assertEquals(
        new Outcome.Skipped(
            "too many open files in the agent; raise its limit (LimitNOFILE= of the unit)"),
        listener.awaitEnd());
    first.awaitEnd();
    assertEquals(new Outcome.Completed(), scripts.complete("10step").awaitEnd());
    assertEquals(before, descriptors());
  }

  @Test
  void watchdogIsAnsweredByTheLoop() {
    scripts.bash("10step", "true");
    List<String> answered = Collections.synchronizedList(new ArrayList<>());
    scripts.source().answer(() -> answered.add(Thread.currentThread().getName()));
    Scripts.await("the loop answers", () -> !answered.isEmpty());
    assertEquals(List.of("steps"), answered);
  }

  @Test
  void loopEndsWithItsLastSource() {
    Scripts one = new Scripts(root);
    one.bash("10step", "true");
    one.complete("10step");
    long loops = loops();
    assertTrue(loops > 0, "no loop is running");
    one.close();
    assertEquals(loops - 1, loops());
  }

  private static StepListener expect(int code, AtomicIntegerArray counts, Semaphore places) {
    return new StepListener() {
      @Override
      public void started() {}

      @Override
      public void output(Stream stream, byte[] line) {}

      @Override
      public void ended(Outcome outcome) {
        Outcome right = code == 0 ? new Outcome.Completed() : new Outcome.Failed(code);
        if (outcome.equals(right)) {
          counts.incrementAndGet(code);
        }
        places.release();
      }
    };
  }

  private static long loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("steps"))
        .count();
  }

  /** Returns the limit under which that many numbers are free. */
  private static long limitThatLeaves(int free) {
    int number = 0;
    for (int left = free; left > 0; number++) {
      left -= Posix.isOpen(number) ? 0 : 1;
    }
    return number;
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
