package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepUser;

/** Children that have not become their program when patience is over: here, at once. */
final class LateStartIT {
  private final StepAccount account = StepAccount.of(new StepUser.Own(), Path.of("/nowhere"));

  @TempDir private Path root;
  private final AtomicInteger made = new AtomicInteger();
  private Scripts scripts;
  private ProcessLoop loop;
  private Spawner spawner;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
    StartLibrary.load();
    spawner = new Spawner(this::newCall);
    loop = new ProcessLoop();
  }

  @AfterEach
  void close() {
    loop.close();
    scripts.close();
  }

  @Test
  void eachGetsWhatIsItsOwn() {
    // Their memory must not be used for the next: all would get the same.
    Path script = scripts.bash("10step", "echo $AGENT_STEP_RUN; cat");
    int starts = 100;
    List<StepRun> runs =
        IntStream.range(0, starts).mapToObj(i -> Scripts.run(Payload.of("payload " + i))).toList();
    List<RecordingListener> listeners = runs.stream().map(run -> start(script, run)).toList();
    Set<String> told = new HashSet<>();
    for (int i = 0; i < starts; i++) {
      assertEquals(new Outcome.Completed(), listeners.get(i).awaitEnd());
      assertEquals(List.of(runs.get(i).id(), "payload " + i), listeners.get(i).stdout());
      told.add(runs.get(i).id());
    }
    assertEquals(starts, told.size());
  }

  @Test
  void memoryIsUsedAgainWhileTheProgramsRun() {
    Path script = scripts.bash("10step", "echo runs; exec sleep 60");
    int starts = 100;
    List<RunningProcess> running = new ArrayList<>();
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      RecordingListener listener = new RecordingListener();
      listeners.add(listener);
      running.add(start(script, Scripts.run(Payload.EMPTY), listener));
      listener.awaitLine("runs");
    }
    running.forEach(process -> process.stop(Duration.ZERO));
    listeners.forEach(RecordingListener::awaitEnd);
    // The next start may come before the kernel has said that the one before is done.
    assertTrue(made.get() <= 3, made + " were made for " + starts + " starts");
  }

  @Test
  void oneThatCannotRunSaysWhyWhenItHasEnded() {
    Path script = scripts.file("10plain", "no shebang\n", "rwxr-xr-x");
    RecordingListener listener = start(script, Scripts.run(Payload.EMPTY));
    assertEquals(new Outcome.Failed(127), listener.awaitEnd());
    assertEquals(List.of("no #! line; begin it with, say, #!/bin/bash"), listener.stderr());
  }

  /** Its patience is over at once. */
  private StartCall newCall() {
    made.incrementAndGet();
    return new StartCall(Duration.ZERO, StartCall.ignoredSignals());
  }

  private RecordingListener start(Path script, StepRun run) {
    RecordingListener listener = new RecordingListener();
    start(script, run, listener);
    return listener;
  }

  private RunningProcess start(Path script, StepRun run, RecordingListener listener) {
    Spawned.Running running = late(script.toString().getBytes(StandardCharsets.UTF_8), run);
    RunningProcess process = new RunningProcess(loop, this, running, run, listener);
    process.begin();
    return process;
  }

  /** Now and then even patience for nothing is enough to see an exec fail. */
  private Spawned.Running late(byte[] file, StepRun run) {
    for (int i = 0; i < 1000; i++) {
      if (spawner.spawn(file, run, account) instanceof Spawned.Running running) {
        return running;
      }
    }
    throw new AssertionError("each of 1000 starts was refused at once");
  }
}
