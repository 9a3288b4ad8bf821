package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private Scripts scripts;
  private ProcessLoop loop;
  private Spawner spawner;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
    spawner = new Spawner(Duration.ZERO);
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
  void oneThatCannotRunSaysWhyWhenItHasEnded() {
    Path script = scripts.file("10plain", "no shebang\n", "rwxr-xr-x");
    RecordingListener listener = start(script, Scripts.run(Payload.EMPTY));
    assertEquals(new Outcome.Failed(127), listener.awaitEnd());
    assertEquals(List.of("no #! line; begin it with, say, #!/bin/bash"), listener.stderr());
  }

  private RecordingListener start(Path script, StepRun run) {
    RecordingListener listener = new RecordingListener();
    Spawned.Running running = late(script.toString().getBytes(StandardCharsets.UTF_8), run);
    new RunningProcess(loop, this, running, run, listener).begin();
    return listener;
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
