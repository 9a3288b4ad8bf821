package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepUser;

/** Steps of a user that root's process becomes for them. Numbers do for the kernel: no names. */
final class RunAsIT {
  private static final int UID = 64_001;
  private static final int GID = 64_002;
  private static final int STRANGER = 64_009;
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path root;
  private Path state;
  private Scripts scripts;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Posix.geteuid() == 0, "only root can become another user");
    Scripts.chmod(root, "rwxr-xr-x");
    state = Files.createDirectory(root.resolve("state"));
    give(state, UID, GID);
    scripts = new Scripts(root, new StepUser.Other("module1", UID, GID, List.of(GID, 64_003)));
  }

  @AfterEach
  void close() {
    if (scripts != null) {
      scripts.close();
    }
  }

  @Test
  void stepHasTheUsersNumbersAndNoOthers() {
    assertEquals(
        List.of(
            "Uid:\t64001\t64001\t64001\t64001",
            "Gid:\t64002\t64002\t64002\t64002",
            "Groups:\t64002 64003"),
        status("Uid|Gid|Groups"));
  }

  @Test
  void stepHasNoCapabilities() {
    String none = "\t0000000000000000";
    assertEquals(
        List.of("CapInh:" + none, "CapPrm:" + none, "CapEff:" + none, "CapAmb:" + none),
        status("CapInh|CapPrm|CapEff|CapAmb"));
  }

  @Test
  void stepCannotBecomeRootAgain() {
    scripts.bash(
        "10back", "setpriv --reuid=0 true || setpriv --regid=0 --clear-groups true || echo never");
    assertEquals(List.of("never"), complete("10back").stdout());
  }

  @Test
  void handlersMayUseSetuidPrograms() {
    assertEquals(List.of("NoNewPrivs:\t0"), status("NoNewPrivs"));
  }

  @Test
  void stepBeginsWithCleanSignalsAndDescriptors() {
    assertEquals(
        List.of(
            "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000"),
        status("Sig(Blk|Ign|Cgt)"));
    scripts.bash("20fds", "exec ls /proc/self/fd");
    assertEquals(List.of("0", "1", "2", "3"), complete("20fds").stdout());
  }

  @Test
  void largePayloadArrivesWhole() {
    scripts.bash("10size", "wc -c");
    StepRun plain = run();
    String payload = "x".repeat(3_000_000);
    StepRun large =
        new StepRun(
            Scripts.run(Payload.of(payload)).event(),
            plain.id(),
            plain.variables(),
            plain.directory());
    assertEquals(List.of("3000000"), scripts.complete("10size", large).stdout());
  }

  @Test
  void directoryIsEnteredAsTheUser() throws IOException {
    scripts.bash("10pwd", "pwd -P; touch here && stat -c %u:%g here");
    Scripts.chmod(state, "rwx------");
    assertEquals(List.of(state.toRealPath().toString(), "64001:64002"), complete("10pwd").stdout());
    give(state, 0, 0);
    assertEquals(
        new Outcome.Skipped(
            "its working directory \"%s\" cannot be entered by user \"module1\": permission denied"
                .formatted(state)),
        complete("10pwd").awaitEnd());
  }

  @Test
  void filesOfTheUserAreTrustedAndThoseOfOthersAreNot() throws IOException {
    Path script = scripts.bash("10step", "id -u");
    give(script, UID, GID);
    Scripts.chmod(script, "rwxrwxr-x");
    assertEquals(List.of("64001"), complete("10step").stdout());
    give(script, UID, STRANGER);
    assertEquals(
        "\"10step\" is writable by group 64009 (mode 0775); run chmod g-w",
        scripts.refusal("10step"));
    give(script, STRANGER, GID);
    assertEquals(
        "\"10step\" is owned by user 64009, neither root nor the agent's own; run chown 64001",
        scripts.refusal("10step"));
  }

  @Test
  void whatRootMayExecuteTheUserMayNot() throws IOException {
    Path script = scripts.bash("10root", "true");
    Scripts.chmod(script, "rwx------");
    assertEquals(
        new Outcome.Skipped(
            "not executable (mode 0700, owner 0) for user \"module1\"; run chmod +x"),
        complete("10root").awaitEnd());
    Scripts.chmod(script, "rwxr-xr-x");
    Path closed = Files.createDirectory(root.resolve("closed"));
    Files.move(script, closed.resolve("target"));
    Files.createSymbolicLink(script, closed.resolve("target"));
    Scripts.chmod(closed, "rwx------");
    assertEquals(
        new Outcome.Skipped(
            "user \"module1\" may not execute it; look for a directory on its way that is closed to"
                + " that user, a noexec mount, or a security policy"),
        complete("10root").awaitEnd());
  }

  @Test
  void linesOfFilesThatTheUserMayNotReadAreNotShown() throws IOException {
    Path secret = Files.writeString(root.resolve("secret"), "#!/very/secret\n");
    Scripts.chmod(secret, "rwx--x--x");
    scripts.bash("10other", "true");
    Files.createSymbolicLink(scripts.eventDirectory().resolve("20link"), secret);
    assertFalse(complete("20link").awaitEnd().toString().contains("very"));
    Scripts.chmod(secret, "rwxr-xr-x");
    assertTrue(complete("20link").awaitEnd().toString().contains("/very/secret"));
  }

  @Test
  void namedPipeInPlaceOfAStepHoldsNothingUp() throws IOException, InterruptedException {
    scripts.bash("10step", "true");
    Path pipe = scripts.eventDirectory().resolve("20pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "755", pipe.toString()).start().waitFor());
    give(pipe, UID, GID);
    assertEquals(
        "it is a named pipe, not a regular file; remove it or put a script there",
        scripts.refusal("20pipe"));
    // Swapped between the look-up and the start.
    Step step = scripts.step("10step");
    Files.move(
        pipe, scripts.eventDirectory().resolve("10step"), StandardCopyOption.REPLACE_EXISTING);
    RecordingListener listener = new RecordingListener();
    var unused = step.start(run(), listener);
    assertInstanceOf(Outcome.Skipped.class, listener.awaitEnd());
  }

  @Test
  void wholeGroupAndDaemonsAreKilled() {
    scripts.bash("10step", "trap '' TERM; (setsid sleep 60 &); sleep 61 & echo ready; wait");
    RecordingListener listener = new RecordingListener();
    StepRun run = run();
    Step.Execution step = scripts.step("10step").start(run, listener);
    listener.awaitLine("ready");
    step.stop(Duration.ofMillis(200));
    assertEquals(new Outcome.Killed(9), listener.awaitEnd());
    assertEquals(
        List.of(),
        ProcessTable.read().entries().stream()
            .filter(entry -> entry.stepRun().equals(run.id()))
            .toList());
  }

  @Test
  void backgroundChildIsLeftAlone() {
    scripts.bash("10step", "sleep 60 > /dev/null 2>&1 & echo $!");
    RecordingListener listener = complete("10step");
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
    long child = Long.parseLong(listener.stdout().getFirst());
    assertTrue(Scripts.isAlive(child));
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void processOfAnotherUserThatBearsTheStepsMarkIsLeftAlone() throws IOException {
    StepRun run = run();
    ProcessBuilder stranger =
        new ProcessBuilder(
            "setpriv", "--reuid=" + STRANGER, "--regid=" + GID, "--clear-groups", "sleep", "60");
    stranger.environment().put("AGENT_STEP_RUN", run.id());
    Process planted = stranger.start();
    try {
      Scripts.await(
          "the stranger bears the mark",
          () ->
              ProcessTable.read().entries().stream()
                  .anyMatch(e -> e.stepRun().equals(run.id()) && e.uid() == STRANGER));
      scripts.bash("10step", "(setsid sleep 61 &); echo ready; sleep 60");
      RecordingListener listener = new RecordingListener();
      Step.Execution step = scripts.step("10step").start(run, listener);
      listener.awaitLine("ready");
      step.stop(LONG);
      listener.awaitEnd();
      assertTrue(planted.isAlive(), "a process of another user was ended");
      assertEquals(
          List.of(STRANGER),
          ProcessTable.read().entries().stream()
              .filter(entry -> entry.stepRun().equals(run.id()))
              .map(ProcessTable.Entry::uid)
              .toList());
    } finally {
      planted.destroyForcibly();
    }
  }

  @Test
  void userWhoHindersTheStartOfStepsHarmsOnlyThem() throws IOException, InterruptedException {
    // Signals whatever belongs to the user, without a pause, so that some meet a child that shares
    // our memory: a stop must not hold us up, and a dump of core not take us along.
    Process hostile =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + UID,
                "--regid=" + GID,
                "--clear-groups",
                "bash",
                "-c",
                "while :; do kill -STOP -1; kill -TSTP -1; kill -QUIT -1; done")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (Scripts own = new Scripts(root)) {
      scripts.bash("10step", "true");
      Step step = scripts.step("10step");
      List<Step.Execution> executions = new ArrayList<>();
      List<RecordingListener> listeners = new ArrayList<>();
      long longest = 0;
      for (int i = 0; i < 100; i++) {
        RecordingListener listener = new RecordingListener();
        long begin = System.nanoTime();
        executions.add(step.start(run(), listener));
        longest = Math.max(longest, System.nanoTime() - begin);
        listeners.add(listener);
      }
      assertTrue(longest < TimeUnit.SECONDS.toNanos(5), "a start took " + longest + " ns");
      assertEquals(new Outcome.Completed(), own.complete("10step").awaitEnd());
      executions.forEach(each -> each.stop(Duration.ZERO));
      listeners.forEach(RecordingListener::awaitEnd);
    } finally {
      hostile.destroyForcibly().waitFor();
    }
    assertEquals(new Outcome.Completed(), complete("10step").awaitEnd());
  }

  @Test
  void eventsDirectoryOfTheUserRunsAsTheUser() throws IOException {
    scripts.bash("10step", "id -u");
    give(root, UID, GID);
    give(scripts.eventDirectory(), UID, GID);
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("10step"));
    assertEquals(List.of("64001"), complete("10step").stdout());
  }

  private List<String> status(String fields) {
    scripts.bash("10status", "exec cat /proc/self/status");
    return complete("10status").stdout().stream()
        .filter(line -> line.matches("(" + fields + "):.*"))
        .map(String::strip)
        .toList();
  }

  private RecordingListener complete(String name) {
    return scripts.complete(name, run());
  }

  private StepRun run() {
    StepRun plain = Scripts.run(Payload.EMPTY);
    return new StepRun(plain.event(), plain.id(), plain.variables(), state);
  }

  private static void give(Path file, int user, int group) throws IOException {
    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
  }
}
