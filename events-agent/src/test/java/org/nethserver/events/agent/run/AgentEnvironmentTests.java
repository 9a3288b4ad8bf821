package org.nethserver.events.agent.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;

final class AgentEnvironmentTests {
  private static final Event EVENT =
      new Event(
          "abc-1",
          Channel.parse("module/openldap1/event/user-created"),
          Payload.EMPTY,
          Instant.parse("2026-01-02T03:04:05.678901234Z"));

  @TempDir private Path directory;

  private final List<String> missing = new ArrayList<>();

  private Variables variables(Event event, String... inherited) {
    List<byte[]> lines = new ArrayList<>();
    for (String line : inherited) {
      lines.add(line.getBytes(UTF_8));
    }
    return new AgentEnvironment(directory, Variables.of(lines)).variables(event, missing::add);
  }

  /** Returns what the file adds, one char a byte. */
  private List<String> added(String content) throws IOException {
    Files.write(directory.resolve("environment"), content.getBytes(ISO_8859_1));
    List<String> entries =
        variables(EVENT).entries().stream()
            .map(entry -> new String(entry, ISO_8859_1))
            .filter(entry -> !entry.startsWith("AGENT_"))
            .toList();
    assertEquals(List.of(), missing);
    return entries;
  }

  @Test
  void linesAreRaw() throws IOException {
    assertEquals(
        List.of("A=1", "B=\"quoted\"", "C= spaces ", "#D=comment", "E=a=b", "F="),
        added("A=1\nB=\"quoted\"\nC= spaces \n#D=comment\nE=a=b\nF=\n"));
  }

  @Test
  void lineWithoutEqualsSignOrNameIsDropped() throws IOException {
    assertEquals(List.of("A=1", "B=2"), added("A=1\n\nexport\n=nameless\n# comment\nB=2"));
  }

  @Test
  void carriageReturnBelongsToTheValue() throws IOException {
    assertEquals(List.of("A=1\r", "B=2\r"), added("A=1\r\nB=2\r\n"));
  }

  @Test
  void bytesThatAreNoUtf8StayWhatTheyAre() throws IOException {
    assertEquals(
        List.of("A=\u00ff\u00fe", "\u00e9=\u0080"), added("A=\u00ff\u00fe\n\u00e9=\u0080\n"));
  }

  @Test
  void lastOfDuplicatesWins() throws IOException {
    assertEquals(List.of("A=3"), added("A=1\nA=2\nA=3"));
  }

  @Test
  void emptyFileAddsNothing() throws IOException {
    assertEquals(List.of(), added(""));
  }

  @Test
  void fileWinsOverTheAgentsOwnVariablesAndTheEventOverBoth() throws IOException {
    Files.writeString(
        directory.resolve("environment"), "PATH=/file\nAGENT_EVENT_NAME=file\nAGENT_COMFD=7\n");
    Variables variables = variables(EVENT, "PATH=/own", "HOME=/own", "AGENT_EVENT_ID=own");
    assertEquals(Optional.of("/file"), variables.value("PATH"));
    assertEquals(Optional.of("/own"), variables.value("HOME"));
    assertEquals(Optional.of("user-created"), variables.value("AGENT_EVENT_NAME"));
    assertEquals(Optional.of("module/openldap1"), variables.value("AGENT_EVENT_SOURCE"));
    assertEquals(Optional.of("abc-1"), variables.value("AGENT_EVENT_ID"));
    assertEquals(Optional.of("2"), variables.value("AGENT_COMFD"));
  }

  @Test
  void fileIsReadAnewForEachEvent() throws IOException {
    Files.writeString(directory.resolve("environment"), "A=1\n");
    AgentEnvironment environment = new AgentEnvironment(directory, Variables.NONE);
    assertEquals(Optional.of("1"), environment.variables(EVENT, missing::add).value("A"));
    Files.writeString(directory.resolve("environment"), "A=2\n");
    assertEquals(Optional.of("2"), environment.variables(EVENT, missing::add).value("A"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05.678901234Z, 2026-01-02T03:04:05.678901Z",
    "2026-01-02T03:04:05.678000999Z, 2026-01-02T03:04:05.678Z",
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
  })
  void timeIsThatOfTheEventToTheMicrosecond(Instant time, String written) {
    Event event = new Event("abc-1", EVENT.channel(), Payload.EMPTY, time);
    assertEquals(Optional.of(written), variables(event).value("AGENT_EVENT_TIME"));
  }

  @Test
  void missingFileIsToldAndTheOtherVariablesAreThere() {
    Variables variables = variables(EVENT, "PATH=/own");
    assertEquals(1, missing.size());
    assertEquals(
        directory.resolve("environment") + " (No such file or directory)", missing.getFirst());
    assertEquals(Optional.of("/own"), variables.value("PATH"));
    assertEquals(Optional.of("abc-1"), variables.value("AGENT_EVENT_ID"));
  }

  @Test
  void fileOf1MiBIsReadAndALargerOneIsNot() throws IOException {
    String line = "A=" + "x".repeat((1 << 20) - 2);
    assertEquals(List.of(line), added(line));
    Files.writeString(directory.resolve("environment"), line + "x");
    assertEquals(Optional.empty(), variables(EVENT).value("A"));
    assertEquals(List.of(directory.resolve("environment") + " is larger than 1 MiB"), missing);
  }

  @Test
  void pipeIsNotWaitedFor() throws IOException, InterruptedException {
    Path pipe = directory.resolve("environment");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Variables variables =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> variables(EVENT, "PATH=/own"));
    assertEquals(List.of(pipe + " is no regular file"), missing);
    assertTrue(variables.value("PATH").isPresent());
  }

  @Test
  void directoryIsToldAsSuch() throws IOException {
    Path directoryThere = Files.createDirectory(directory.resolve("environment"));
    variables(EVENT);
    assertEquals(List.of(directoryThere + " is no regular file"), missing);
  }
}
