package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.systemd.ChildJvm;

/** Plain lines of a process of its own, into files, pipes and what is less usual. */
@Timeout(120)
final class PlainLogIT {
  private static final String STEPS =
      "<0>s0\n<1>s1\n<2>s2\n<3>s3\n<4>s4\n<5>s5\n<6>s6\n<7>s7\nr\0\u001b[1m\u00e9\t\n\n";
  private static final String AGENT =
      "<0>a0\n<1>a1\n<2>a2\n<3>a3\n<4>a4\n<5>a5\na6\n<7>a7\nb\\x1b[1m\\nc\n";

  @TempDir Path directory;

  @Test
  void stepsGoToStdoutAsTheyAreAndTheAgentToStderrWithPriorities()
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    int exit =
        new ProcessBuilder(ChildJvm.command(LogChild.class, "lines"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertEquals(AGENT, Files.readString(err, ISO_8859_1));
    assertEquals(STEPS, Files.readString(out, ISO_8859_1));
    assertEquals(0, exit);
  }

  @Test
  void aVariableOfAnotherProcessChangesNothing() throws IOException, InterruptedException {
    var builder = new ProcessBuilder(ChildJvm.command(LogChild.class, "lines"));
    builder.environment().putAll(Map.of("JOURNAL_STREAM", "1:1"));
    Process child = builder.redirectErrorStream(false).start();
    String out = new String(child.getInputStream().readAllBytes(), ISO_8859_1);
    assertEquals(STEPS, out);
  }

  @Test
  void linesIntoOnePipeStayWhole() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(ChildJvm.command(LogChild.class, "flood"))
            .redirectErrorStream(true)
            .start();
    Map<String, Long> lines;
    try (BufferedReader out = child.inputReader(UTF_8)) {
      lines = out.lines().collect(Collectors.groupingBy(l -> l, Collectors.counting()));
    }
    Map<String, Long> expected =
        List.of("a", "b", "c", "d").stream()
            .flatMap(name -> List.of(name.repeat(6_000), "<3>" + name.repeat(5_000)).stream())
            .collect(Collectors.toMap(line -> line, _ -> 200L));
    assertTrue(expected.equals(lines), "torn or lost lines among " + lines.values());
  }

  @Test
  void pipeThatDoesNotWaitLosesNothing() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("perl", "-MFcntl", "-e", "fcntl(STDOUT, F_SETFL, O_NONBLOCK); exec @ARGV"));
    command.addAll(ChildJvm.command(LogChild.class, "long"));
    Process child = new ProcessBuilder(command).start();
    List<String> lines;
    try (BufferedReader out = child.inputReader(UTF_8)) {
      lines = out.lines().toList();
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add(i + "x".repeat(48 * 1024));
    }
    assertTrue(expected.equals(lines), "torn or lost lines: " + lines.size() + " came");
    assertEquals("dropped 0\n", new String(child.getErrorStream().readAllBytes(), UTF_8));
  }

  @Test
  void readerThatHasGoneIsCountedAndNoError() throws IOException, InterruptedException {
    Process child = new ProcessBuilder(ChildJvm.command(LogChild.class, "closed")).start();
    child.getInputStream().close();
    assertEquals("dropped 2\n", new String(child.getErrorStream().readAllBytes(), UTF_8));
    assertEquals(0, child.waitFor());
  }

  @Test
  void terminalIsShownNothingThatItWouldObey() throws IOException, InterruptedException {
    // script(1) gives its child a terminal and copies what comes there.
    Path command = directory.resolve("command");
    Files.writeString(
        command,
        ChildJvm.command(LogChild.class, "lines").stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" ", "exec ", " 2>/dev/null\n")));
    Process terminal =
        new ProcessBuilder("script", "-qec", "sh " + command, "/dev/null")
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String shown = new String(terminal.getInputStream().readAllBytes(), UTF_8);
    assertTrue(shown.contains("<7>s7\r\nr\\x00\\x1b[1m\\xe9"), shown);
  }

  @Test
  void librariesSpeakInOneLineFromWarningsOn() throws IOException {
    assertEquals(
        """
        <4>Some: first\\nsecond
        <3>Some: failed: java.lang.IllegalStateException: outer: java.io.IOException: inner
        """,
        library(Map.of()));
  }

  @Test
  void debuggingAddsLevelsAndStacks() throws IOException {
    String lines = library(Map.of("EVENTS_LOG_LEVEL", "debug"));
    assertTrue(lines.startsWith("<7>Some: debug 1\nSome: info\n<4>Some: first"), lines);
    assertTrue(lines.contains("LogChild.library("), lines);
    assertTrue(lines.contains("\n<3>Caused by: java.io.IOException: inner\n"), lines);
  }

  @Test
  void levelThatIsNoneIsTold() throws IOException {
    String lines = library(Map.of("EVENTS_LOG_LEVEL", "loud"));
    assertTrue(
        lines.startsWith(
            "<4>EVENTS_LOG_LEVEL=\"loud\" is no level; warn is used: error, warn, info or debug\n"
                + "<4>Some: first"),
        lines);
  }

  @Test
  void loggersOfTheJdkGoTheSameWay() throws IOException, InterruptedException {
    Process child = new ProcessBuilder(modular("platform")).start();
    String lines = new String(child.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(
        """
        Some: early a\\nb
        <4>Some: first\\nsecond
        <3>Some: {failed}: java.lang.IllegalStateException: outer: java.io.IOException: inner
        """,
        lines);
    assertEquals(0, child.waitFor());
  }

  private static String library(Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder(modular("library"));
    builder.environment().putAll(environment);
    return new String(builder.start().getErrorStream().readAllBytes(), UTF_8);
  }

  /** As modules: only there the agent provides what Log4j and the JDK look for. */
  private static List<String> modular(String what) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-p",
        System.getProperty("jdk.module.path"),
        "--patch-module",
        "org.nethserver.events.agent=target/test-classes",
        "--enable-native-access=org.nethserver.events.agent",
        "-m",
        "org.nethserver.events.agent/" + LogChild.class.getName(),
        what);
  }
}
