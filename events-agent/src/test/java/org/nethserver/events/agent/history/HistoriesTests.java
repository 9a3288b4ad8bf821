package org.nethserver.events.agent.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.history.RecordedRun.RecordedStep;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunListener.StepWatch;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener.Stream;

final class HistoriesTests {
  @TempDir private Path state;

  @Test
  void runIsToldWithAllThatBecameOfIt() {
    try (HistoryStage stage = new HistoryStage()) {
      RunListener listener = stage.open("module/a1", state);
      Event event = HistoryStage.event("e-1");
      listener.runStarted(event);
      StepWatch fetch = stage.step(event, "10fetch", 1);
      listener.stepStarted(fetch);
      listener.output(fetch, Stream.STDOUT, "API_TOKEN=hunter2 ok".getBytes(UTF_8));
      listener.stepEnded(fetch, new Outcome.Failed(7));
      listener.retrying(fetch, Duration.ZERO);
      StepWatch again = stage.step(event, "10fetch", 2);
      listener.stepStarted(again);
      listener.output(again, Stream.STDERR, "second \u001b[31mtry\u0000".getBytes(UTF_8));
      listener.stepEnded(again, new Outcome.Completed());
      listener.stepEnded(stage.step(event, "20skip", 1), new Outcome.Skipped("no \"x\" mode"));
      StepWatch install = stage.step(event, "30install", 1);
      listener.stepStarted(install);
      listener.stepEnded(install, new Outcome.Killed(9));
      listener.output(install, Stream.STDOUT, "of a background child".getBytes(UTF_8));
      listener.runEnded(event, install.entry(), new RunOutcome("aborted", -1));
    }
    RecordedRun run = HistoryStage.read(state).getFirst();
    assertEquals("e-1", run.event());
    assertEquals("module/a1", run.source());
    assertEquals("thing-done", run.name());
    assertEquals("aborted", run.outcome());
    assertEquals(-1, run.code());
    assertEquals("30install", run.last());
    assertTrue(run.failed());
    List<RecordedStep> steps = run.steps();
    assertEquals(
        List.of("10fetch completed 0 2", "20skip skipped 0 1", "30install killed -1 1"),
        steps.stream()
            .map(s -> s.name() + " " + s.outcome() + " " + s.code() + " " + s.attempts())
            .toList());
    assertEquals("API_TOKEN=*** ok\nsecond \u001b[31mtry\u0000\n", steps.get(0).output());
    assertEquals("no \"x\" mode", steps.get(1).why());
    assertEquals(9, steps.get(2).signal());
    assertEquals("", steps.get(2).output());
    assertFalse(run.began().isAfter(steps.getFirst().began()));
  }

  @Test
  void runThatGoesOnIsToldOnceItsProcessIsGoneItIsInterrupted() throws IOException {
    Event event = HistoryStage.event("e-1");
    try (HistoryStage stage = new HistoryStage()) {
      RunListener listener = stage.open("module/a1", state);
      listener.runStarted(event);
      listener.stepStarted(stage.step(event, "10slow", 1));
      HistoryStage.await("its beginning is written", this::isWritten);
      RecordedRun run = HistoryStage.read(state).getFirst();
      assertEquals(RecordedRun.RUNNING, run.outcome());
      assertEquals(Optional.empty(), run.took());
    }
    // As if it were another boot: of this one the process lives.
    Path file = segment("000001");
    Files.writeString(file, Files.readString(file).replaceAll("\"boot\":\"", "\"boot\":\"of-old-"));
    assertEquals(RecordedRun.INTERRUPTED, HistoryStage.read(state).getFirst().outcome());
  }

  private boolean isWritten() {
    return Files.exists(segment("000001")) && !HistoryStage.read(state).isEmpty();
  }

  private Path segment(String number) {
    return state.resolve("runs").resolve(number + ".jsonl");
  }

  @Test
  void shortRunIsOneLineAfterTheProcessesMark() throws IOException {
    try (HistoryStage stage = new HistoryStage()) {
      RunListener listener = stage.open("module/a1", state);
      for (int i = 0; i < 20; i++) {
        stage.run(listener, "e-" + i);
      }
    }
    assertEquals(21, Files.readAllLines(segment("000001")).size());
    assertEquals(20, HistoryStage.read(state).size());
  }

  @Test
  void filesAreForTheirUserAlone() throws IOException {
    try (HistoryStage stage = new HistoryStage()) {
      stage.run(stage.open("module/a1", state), "e-1");
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("runs"))));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(segment("000001"))));
  }

  @Test
  void whatACrashTearsIsCutOffAndTheRestStays() throws IOException {
    try (HistoryStage stage = new HistoryStage()) {
      RunListener listener = stage.open("module/a1", state);
      stage.run(listener, "e-1", "output");
      stage.run(listener, "e-2", "output");
    }
    byte[] whole = Files.readAllBytes(segment("000001"));
    String text = new String(whole, UTF_8);
    int second = text.lastIndexOf("{\"run\"");
    for (int length = second; length < whole.length; length += 7) {
      Files.write(segment("000001"), Arrays.copyOf(whole, length));
      assertEquals(1, HistoryStage.read(state).size());
      try (HistoryStage stage = new HistoryStage()) {
        stage.run(stage.open("module/a1", state), "e-3");
      }
      assertEquals(
          List.of("e-1", "e-3"),
          HistoryStage.read(state).stream().map(RecordedRun::event).toList());
    }
  }

  @Test
  void lineThatIsNoneOfOursIsPassedOver() throws IOException {
    try (HistoryStage stage = new HistoryStage()) {
      stage.run(stage.open("module/a1", state), "e-1");
    }
    String line = Files.readAllLines(segment("000001")).getLast();
    Files.writeString(
        segment("000001"),
        "\u0000\u0000\u0000\n{}\n[1]\n{\"run\":1}\n{\"run\":\"x\"}\nnull\n" + line + "\n{\"run\"");
    assertEquals(
        List.of("e-1"), HistoryStage.read(state).stream().map(RecordedRun::event).toList());
  }

  @Test
  void secondProcessSaysSoOnceAndDoesWithout() {
    List<String> told;
    try (HistoryStage first = new HistoryStage();
        HistoryStage second = new HistoryStage()) {
      RunListener mine = first.open("module/a1", state);
      first.run(mine, "e-1");
      HistoryStage.await("it is written", this::isWritten);
      told = second.told;
      RunListener other = second.open("module/a1", state);
      second.run(other, "e-2");
      HistoryStage.await("it is told", () -> !told.isEmpty());
      second.run(other, "e-3");
      first.run(mine, "e-4");
    }
    assertEquals(
        List.of(
            "module/a1 WARNING The history of runs is not kept: another process writes "
                + state.resolve("runs")
                + ". End it, or give this agent another --state-directory"),
        told);
    assertEquals(
        List.of("e-1", "e-4"), HistoryStage.read(state).stream().map(RecordedRun::event).toList());
  }

  @Test
  void agentThatIsGoneLetsGoOfItsFiles() {
    try (HistoryStage first = new HistoryStage();
        HistoryStage second = new HistoryStage()) {
      first.run(first.open("module/a1", state), "e-1");
      first.forget("module/a1");
      HistoryStage.await("it is written", this::isWritten);
      HistoryStage.await(
          "the files are free",
          () -> {
            second.run(second.open("module/a1", state), "e-2");
            return HistoryStage.read(state).size() > 1;
          });
    }
    assertEquals("e-2", HistoryStage.read(state).get(1).event());
  }

  /** What is in the way of its directory is no disk that is full, but is told alike. */
  @Test
  void whatCannotBeWrittenIsToldOnceAndWrittenLater() throws IOException {
    Path other = Files.createDirectory(state.resolve("other"));
    Path blocked = Files.createDirectory(state.resolve("blocked"));
    Files.createFile(blocked.resolve("runs"));
    try (HistoryStage stage = new HistoryStage()) {
      RunListener bad = stage.open("module/bad1", blocked);
      RunListener good = stage.open("module/good1", other);
      for (int i = 0; i < 1_500; i++) {
        stage.run(bad, "b-" + i);
      }
      HistoryStage.await("it is told", () -> !stage.told.isEmpty());
      stage.run(good, "g-1");
      HistoryStage.await(
          "the other's is written",
          () -> Files.exists(other.resolve("runs")) && !HistoryStage.read(other).isEmpty());
      assertEquals(1, stage.told.size(), stage.told.toString());
      Files.delete(blocked.resolve("runs"));
      HistoryStage.await("it is over", () -> stage.told.size() > 1);
      assertEquals(
          "module/bad1 ERROR Cannot write the history of runs to "
              + blocked.resolve("runs")
              + ": "
              + blocked.resolve("runs/lock")
              + ": Not a directory. Events are handled as ever; mend that, or turn it off with"
              + " --history=false",
          stage.told.getFirst());
      assertEquals(2, stage.told.size(), stage.told.toString());
    }
    RunHistory history = RunHistory.of(blocked);
    int kept = history.runs(_ -> true).size();
    assertTrue(kept >= 900, () -> kept + "");
    assertEquals(1_500, kept + history.dropped());
  }

  @Test
  void withoutAnyThereIsNoFile() {
    try (HistoryStage stage = new HistoryStage()) {
      stage.open("module/a1", state);
    }
    assertThrows(NoSuchFileException.class, () -> RunHistory.of(state));
  }
}
