package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepRun;

/** What a step finds when it begins. */
final class StepEnvironmentIT {
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
  void argumentIsTheAbsolutePathAlone() {
    // A script shows the interpreter's arguments, so look at a program that is none.
    Path script = scripts.bash("10args", "tr '\\0' '\\n' < /proc/$$/cmdline; echo $#");
    assertEquals(List.of("/bin/bash", script.toString(), "0"), scripts.complete("10args").stdout());
  }

  @Test
  void linkedStepIsCalledByTheNameOfTheLink() throws IOException {
    scripts.bash("10real", "echo $0");
    Path link = scripts.eventDirectory().resolve("20link");
    Files.createSymbolicLink(link, Path.of("10real"));
    assertEquals(List.of(link.toString()), scripts.complete("20link").stdout());
  }

  @Test
  void pathThatIsNoTextIsRun() throws IOException {
    Path odd = Path.of(URI.create(root.toUri() + "d%FF%C3%A4"));
    try (Scripts inside = new Scripts(odd)) {
      inside.bash("10step", "printf '%s' \"$0\" | od -An -tx1 | tr -d ' \\n'");
      String shown = inside.complete("10step").stdout().getFirst();
      assertTrue(shown.contains("2f64ffc3a42f"), shown);
    }
  }

  @Test
  void workingDirectoryIsTheAgentsOwn() {
    scripts.bash("10pwd", "pwd -P");
    String own = Path.of("").toAbsolutePath().toString();
    assertEquals(List.of(own), scripts.complete("10pwd").stdout());
  }

  @Test
  void anotherWorkingDirectoryIsEntered() throws IOException {
    scripts.bash("10pwd", "pwd -P");
    Path other = Files.createDirectory(root.resolve("state")).toRealPath();
    assertEquals(List.of(other.toString()), scripts.complete("10pwd", in(other)).stdout());
    // The last one must not stick.
    assertNotEquals(List.of(other.toString()), scripts.complete("10pwd").stdout());
  }

  @Test
  void missingWorkingDirectoryIsTheReasonGiven() {
    scripts.bash("10pwd", "pwd");
    Path gone = root.resolve("gone");
    assertEquals(
        new Outcome.Skipped(
            "its working directory \"" + gone + "\" cannot be entered: no such file or directory"),
        scripts.complete("10pwd", in(gone)).awaitEnd());
  }

  @Test
  void onlyThreeDescriptorsAreOpen() {
    // The fourth is the one that ls itself opens.
    scripts.bash("10fds", "exec ls /proc/self/fd");
    assertEquals(List.of("0", "1", "2", "3"), scripts.complete("10fds").stdout());
  }

  @Test
  void descriptorsArePipes() {
    scripts.bash("10fds", "for i in 0 1 2; do readlink /proc/$$/fd/$i; done; exec 2>&-");
    List<String> links = scripts.complete("10fds").stdout();
    assertEquals(3, links.stream().distinct().count(), links::toString);
    assertTrue(links.stream().allMatch(link -> link.startsWith("pipe:")), links::toString);
  }

  @Test
  void outputOfAStepBlocksForIt() {
    // O_NONBLOCK is 04000: programs do not expect EAGAIN from their stdout.
    scripts.bash("10flags", "grep -h flags /proc/$$/fdinfo/{0,1,2}");
    for (String flags : scripts.complete("10flags").stdout()) {
      long value = Long.parseLong(flags.replaceAll("\\D", ""), 8);
      assertEquals(0, value & 04000, flags);
    }
  }

  @Test
  void noSignalIsBlockedOrIgnored() {
    // Not grep, which catches a signal itself.
    scripts.bash("10signals", "exec cat /proc/self/status");
    assertEquals(
        List.of(
            "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000"),
        scripts.complete("10signals").stdout().stream()
            .filter(line -> line.matches("Sig(Blk|Ign|Cgt).*"))
            .toList());
  }

  @Test
  void stepLeadsAProcessGroupOfItsOwnInTheAgentsSession() throws IOException {
    scripts.bash("10group", "cut -d' ' -f1,5,6 /proc/$$/stat");
    String[] fields = scripts.complete("10group").stdout().getFirst().split(" ");
    String own = Files.readString(Path.of("/proc/self/stat"));
    assertEquals(fields[0], fields[1]);
    assertEquals(own.substring(own.lastIndexOf(')') + 2).split(" ")[3], fields[2]);
  }

  @Test
  void umaskIsInherited() throws IOException {
    scripts.bash("10umask", "umask");
    String own =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("Umask:"))
            .findFirst()
            .orElseThrow()
            .replaceAll("\\D", "");
    assertEquals(List.of(own), scripts.complete("10umask").stdout());
  }

  @Test
  void environmentIsExactlyTheVariablesByteForByte() {
    // As it was when the script began, before bash adds its own.
    scripts.bash("10env", "cat /proc/$$/environ; true");
    byte[] odd = {'O', '=', (byte) 0xff, '\n', '"', '=', ' '};
    byte[] comment = "#a=b".getBytes(StandardCharsets.US_ASCII);
    byte[] empty = "EMPTY=".getBytes(StandardCharsets.US_ASCII);
    byte[] path = "PATH=/usr/bin:/bin".getBytes(StandardCharsets.US_ASCII);
    StepRun plain = Scripts.run(Payload.EMPTY);
    StepRun run =
        new StepRun(
            plain.event(),
            plain.id(),
            Variables.of(List.of(odd, comment, empty, path)),
            plain.directory());
    byte[] shown = joined(scripts.complete("10env", run));
    byte[] expected =
        "O=?\n\"= \0#a=b\0EMPTY=\0PATH=/usr/bin:/bin\0".getBytes(StandardCharsets.US_ASCII);
    expected[2] = (byte) 0xff;
    assertArrayEquals(expected, shown);
  }

  @Test
  void variableWithNulIsLeftOutRatherThanCut() {
    scripts.bash("10env", "env | grep -c ^CUT || true");
    StepRun plain = Scripts.run(Payload.EMPTY);
    Variables variables = plain.variables().with("CUT", "half\0other half");
    StepRun run = new StepRun(plain.event(), plain.id(), variables, plain.directory());
    assertEquals(List.of("0"), scripts.complete("10env", run).stdout());
  }

  private static byte[] joined(RecordingListener listener) {
    List<byte[]> lines = listener.stdoutBytes();
    int size = lines.stream().mapToInt(line -> line.length).sum() + lines.size() - 1;
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] line : lines) {
      if (at > 0) {
        all[at++] = '\n';
      }
      System.arraycopy(line, 0, all, at, line.length);
      at += line.length;
    }
    return all;
  }

  private static StepRun in(Path directory) {
    StepRun plain = Scripts.run(Payload.EMPTY);
    return new StepRun(plain.event(), plain.id(), plain.variables(), directory);
  }
}
