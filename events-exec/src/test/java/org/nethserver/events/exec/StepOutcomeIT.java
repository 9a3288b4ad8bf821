package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepRun;

/** How steps end, and why some do not begin. */
final class StepOutcomeIT {
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
  void zeroIsCompleted() {
    scripts.bash("10step", "true");
    RecordingListener listener = scripts.complete("10step");
    assertEquals(new Outcome.Completed(), listener.awaitEnd());
    assertEquals(List.of("started", "ended"), listener.calls());
  }

  @Test
  void otherCodesAreFailures() {
    scripts.bash("10step", "exit 37");
    scripts.bash("20step", "exit 255");
    assertEquals(new Outcome.Failed(37), scripts.complete("10step").awaitEnd());
    assertEquals(new Outcome.Failed(255), scripts.complete("20step").awaitEnd());
  }

  @Test
  void deathBySignalIsToldByItsNumber() {
    scripts.bash("10kill", "kill -KILL $$");
    scripts.bash("20usr", "kill -USR1 $$");
    // What the Java machine handles or ignores for itself must work in a step.
    scripts.bash("30pipe", "kill -PIPE $$");
    scripts.bash("40hangup", "kill -HUP $$");
    assertEquals(new Outcome.Killed(9), scripts.complete("10kill").awaitEnd());
    assertEquals(new Outcome.Killed(10), scripts.complete("20usr").awaitEnd());
    assertEquals(new Outcome.Killed(13), scripts.complete("30pipe").awaitEnd());
    assertEquals(new Outcome.Killed(1), scripts.complete("40hangup").awaitEnd());
  }

  @Test
  void fileWithoutShebangIsNotGivenToAShell() {
    Path proof = root.resolve("proof");
    scripts.file("10plain", "touch " + proof + "\n", "rwxr-xr-x");
    assertSkipped("10plain", "no #! line; begin it with, say, #!/bin/bash");
    assertEquals(false, Files.exists(proof));
  }

  @Test
  void emptyFileSaysSo() {
    scripts.file("10empty", "", "rwxr-xr-x");
    assertSkipped(
        "10empty",
        "the file is empty or cannot be read; write a script that begins with #!/bin/bash");
  }

  @Test
  void byteOrderMarkIsNamed() {
    scripts.file("10bom", "\ufeff#!/bin/sh\n", "rwxr-xr-x");
    assertSkipped(
        "10bom", "a byte order mark stands before its #! line; save it as UTF-8 without one");
  }

  @Test
  void missingInterpreterIsNamed() {
    scripts.file("10nope", "#! /nope/python -u\n", "rwxr-xr-x");
    assertSkipped(
        "10nope",
        "the interpreter \"/nope/python\" named in its first line does not exist;"
            + " install or correct it");
  }

  @Test
  void windowsLineEndIsNamed() {
    scripts.file("10crlf", "#!/bin/sh\r\ntrue\r\n", "rwxr-xr-x");
    assertSkipped(
        "10crlf", "its first line ends in CR LF; turn its line ends into LF, as dos2unix does");
  }

  @Test
  void interpreterThatMayNotBeExecutedIsNamed() throws IOException {
    Path interpreter = Files.writeString(root.resolve("interpreter"), "");
    scripts.file("10denied", "#!" + interpreter + "\n", "rwxr-xr-x");
    assertSkipped(
        "10denied",
        "the interpreter \""
            + interpreter
            + "\" named in its first line is not executable; correct it");
  }

  @Test
  void fileThatVanishesAfterTheLookUpIsSkipped() throws IOException {
    Path script = scripts.bash("10gone", "true");
    Step step = scripts.step("10gone");
    Files.delete(script);
    assertSkipped(step, "the file vanished before it could be started");
  }

  @Test
  void fileThatLosesItsPermissionAfterTheLookUpIsSkipped() {
    Path script = scripts.bash("10step", "true");
    Step step = scripts.step("10step");
    Scripts.chmod(script, "rw-r--r--");
    assertSkipped(
        step,
        "not executable (mode 0644, owner %d) for the agent's user; run chmod +x"
            .formatted(Posix.geteuid()));
  }

  @Test
  void programForAnotherMachineIsNamed() throws IOException {
    Path program = scripts.file("10elf", "", "rwxr-xr-x");
    byte[] head = "\u007fELF\u0002\u0001\u0001".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(program, Arrays.copyOf(head, 256));
    assertSkipped(
        "10elf", "it is a program for another kind of machine; install the one for this machine");
  }

  @Test
  void tooLargeAnEnvironmentIsNamed() {
    scripts.bash("10step", "true");
    StepRun plain = Scripts.run(Payload.EMPTY);
    Variables variables = plain.variables().with("LARGE", "x".repeat(200_000));
    RecordingListener listener = new RecordingListener();
    var unused =
        scripts
            .step("10step")
            .start(new StepRun(plain.event(), plain.id(), variables, plain.directory()), listener);
    assertEquals(
        new Outcome.Skipped("its environment is too large for the kernel; shorten ./environment"),
        listener.awaitEnd());
  }

  private void assertSkipped(String name, String why) {
    assertSkipped(scripts.step(name), why);
  }

  private static void assertSkipped(Step step, String why) {
    RecordingListener listener = new RecordingListener();
    var unused = step.start(Scripts.run(Payload.EMPTY), listener);
    assertEquals(new Outcome.Skipped(why), listener.awaitEnd());
    assertEquals(List.of("ended"), listener.calls());
  }
}
