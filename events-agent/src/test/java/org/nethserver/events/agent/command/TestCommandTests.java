package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nethserver.events.agent.run.FakeStarts;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;
import org.nethserver.events.api.spi.StepRun;
import tools.jackson.databind.JsonNode;

@Timeout(60)
final class TestCommandTests {
  private final Shell shell = new Shell();

  @AfterEach
  void close() {
    shell.close();
  }

  private static Shell.Result test(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "test";
    arguments[1] = "--eventsdir=/events";
    arguments[2] = "user-created";
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Shell.type(arguments);
  }

  private void installs(String name, Outcome outcome, String... lines) {
    shell.early.runs("user-created", name, FakeStarts.ending(outcome, lines));
  }

  @Test
  void outputIsOnStdoutAndWhatIsTheAgentsOnStderr() {
    installs("10fetch", new Outcome.Completed(), "fetched", "and \u001b[31mred");
    shell.early.refuses("user-created", "20forgotten", "not executable; run chmod +x");
    Shell.Result run = test();
    assertEquals(0, run.exitCode());
    assertEquals("fetched\nand \\x1b[31mred\n", run.out());
    String err = run.err().replaceAll("(?m)^No variables .*\n", "");
    assertTrue(
        err.matches(
            """
            10fetch is starting
            10fetch completed in [0-9.]+m?s
            20forgotten was skipped: not executable; run chmod \\+x
            cluster/event/user-created completed \\(0\\) at step 20forgotten
            """),
        err);
  }

  @ParameterizedTest
  @CsvSource({
    "0, completed, completed (0)",
    "37, failed with exit status 37, aborted (37)",
    "137, was killed by signal 9, aborted (-1)"
  })
  void exitCodeIsThatOfTheFailingStep(int expected, String how, String status) {
    Outcome outcome =
        switch (expected) {
          case 0 -> new Outcome.Completed();
          case 37 -> new Outcome.Failed(37);
          default -> new Outcome.Killed(9);
        };
    installs("10first", new Outcome.Completed());
    installs("20second", outcome);
    Shell.Result run = test();
    assertEquals(expected, run.exitCode());
    assertTrue(run.err().contains("20second " + how), run::err);
    assertTrue(run.err().contains("/user-created " + status + " at step 20second\n"), run::err);
  }

  @Test
  void stepBeyondItsTimeLimitIsExitCode124() {
    shell.early.runs(
        "user-created",
        "10slow",
        (_, listener) -> {
          listener.started();
          return _ -> listener.ended(new Outcome.Killed(15));
        });
    Shell.Result run = test("--step-timeout=20ms");
    assertEquals(124, run.exitCode());
    assertTrue(run.err().contains("10slow was ended: it ran longer than 20ms in "), run::err);
    assertTrue(run.err().contains(" timed-out (-1) at step 10slow\n"), run::err);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT", "TERM"})
  void signalsAreItsOwnOnlyWhileItRuns(ProcessSignal signal)
      throws IOException, InterruptedException {
    // The command's own action would be the last one to be set.
    CountDownLatch received = new CountDownLatch(1);
    try (var _ = signal.onReceipt(received::countDown)) {
      installs("10first", new Outcome.Completed());
      assertEquals(0, test().exitCode());
      String pid = Long.toString(ProcessHandle.current().pid());
      assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
      assertTrue(received.await(20, TimeUnit.SECONDS), "the command still takes the signal");
    }
  }

  @Test
  void eventWithoutStepsIsExitCode1() {
    assertEquals(
        new Shell.Result(
            1,
            "",
            "No steps for \"user-created\": \"events handlers\" shows which events have some\n"),
        test());
  }

  @Test
  void eventWhoseStepsAreAllMaskedIsExitCode1() {
    installs("10first", new Outcome.Completed());
    shell.late.masks("user-created", "10first");
    Shell.Result run = test();
    assertEquals(1, run.exitCode());
    assertEquals("No step of \"user-created\" is left to run\n", run.err());
    assertTrue(run.out().contains("  masks     10first "), run::out);
    assertEquals(1, test("--dry-run").exitCode());
    assertEquals(1, test("--json").exitCode());
  }

  @Test
  void dryRunSaysWhichStepsDoNotAnswerTheSource() {
    shell.early.runs(
        "user-created",
        "10picky",
        new Step() {
          @Override
          public boolean answers(EventSource source) {
            return source.text().startsWith("module/");
          }

          @Override
          public Execution start(StepRun run, StepListener listener) {
            throw new AssertionError("a dry run");
          }
        });
    assertEquals(
        "user-created\n  runs      10picky                      /early\n",
        test("--dry-run", "--source=module/m1").out());
    Shell.Result other = test("--dry-run", "--source=node/1");
    assertEquals(1, other.exitCode());
    assertEquals(
        "user-created\n  ignored   10picky                      /early  (it does not answer events"
            + " of node/1)\n",
        other.out());
  }

  @Test
  void dryRunShowsTheStepsAndRunsNothing() {
    installs("10first", new Outcome.Failed(1), "never seen");
    Shell.Result run = test("--dry-run");
    assertEquals(
        new Shell.Result(0, "user-created\n  runs      10first                      /early\n", ""),
        run);
  }

  @Test
  void jsonIsOneObject() {
    installs("10fetch", new Outcome.Completed(), "fetched");
    installs("20second", new Outcome.Failed(3));
    Shell.Result run = test("--json", "--source=module/m1");
    assertEquals(3, run.exitCode());
    assertEquals("", run.err());
    assertEquals(1, run.out().lines().count());
    JsonNode whole = run.json();
    assertEquals("module/m1/event/user-created", whole.path("channel").asString());
    assertEquals("aborted", whole.path("status").asString());
    assertEquals(3, whole.path("code").asInt());
    assertEquals("fetched", whole.at("/steps/0/output/0").asString());
    assertEquals("completed", whole.at("/steps/0/outcome").asString());
    assertEquals("/early/10fetch", whole.at("/steps/0/path").asString());
    assertEquals("failed with exit status 3", whole.at("/steps/1/outcome").asString());
    assertEquals(2, whole.path("steps").size());
  }

  @Test
  void whatIsWrittenInTheBackgroundDoesNoHarmToTheJson() throws InterruptedException {
    AtomicReference<Thread> background = new AtomicReference<>();
    Step noisy =
        (_, listener) -> {
          listener.started();
          background.set(
              Thread.ofPlatform()
                  .start(
                      () -> {
                        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                          listener.output(Stream.STDOUT, new byte[] {'x'});
                          if (i == 1000) {
                            listener.ended(new Outcome.Completed());
                          }
                        }
                      }));
          return _ -> {};
        };
    shell.early.runs("user-created", "10noisy", noisy);
    for (int i = 0; i < 20; i++) {
      Shell.Result run = test("--json");
      background.get().interrupt();
      background.get().join();
      assertEquals(0, run.exitCode(), run::err);
      assertEquals("completed", run.json().path("status").asString());
      assertTrue(run.json().at("/steps/0/output").size() > 1000);
    }
  }

  @Test
  void stepGetsSourcePayloadAndVariables(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("payload.json"), "{ \"a\": 1 }\n");
    AtomicReference<StepRun> seen = new AtomicReference<>();
    shell.early.runs(
        "user-created",
        "10first",
        (run, listener) -> {
          seen.set(run);
          return FakeStarts.ending(new Outcome.Completed()).start(run, listener);
        });
    assertEquals(0, test("--source=node/1", "--payload=@" + file).exitCode());
    assertEquals("{ \"a\": 1 }\n", seen.get().event().payload().text());
    assertEquals(Optional.of("node/1"), seen.get().variables().value("AGENT_EVENT_SOURCE"));
    assertEquals(Optional.empty(), seen.get().variables().value("NOTIFY_SOCKET"));
    assertEquals(0, test("--payload", "@" + file).exitCode());
    assertEquals("{ \"a\": 1 }\n", seen.get().event().payload().text());
    assertEquals(0, test().exitCode());
    assertEquals("{}", seen.get().event().payload().text());
  }

  @Test
  void wrongUseIsExitCode2AndRunsNothing() {
    installs("10first", new Outcome.Completed(), "never seen");
    for (String wrong : new String[] {"--source=..", "--payload=@/no/such", "--step-timeout=1"}) {
      Shell.Result run = test(wrong);
      assertEquals(2, run.exitCode(), wrong);
      assertFalse(run.out().contains("never seen"), wrong);
      assertFalse(run.err().isEmpty(), wrong);
      assertFalse(run.err().contains("\tat "), run::err);
    }
    assertEquals("file \"/no/such\" does not exist\n", test("--payload=@/no/such").err());
  }

  @Test
  void sourceThatFailsIsNamed() {
    installs("10first", new Outcome.Completed());
    shell.early.runs(
        "user-created",
        "20second",
        (_, _) -> {
          throw new IllegalStateException("no such class");
        });
    Shell.Result run = test();
    assertEquals(0, run.exitCode());
    assertTrue(
        run.err().contains("20second was skipped: it failed to start: java.lang.Illegal"),
        run::err);
  }
}
