package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.systemd.DatagramReceiver;
import org.nethserver.events.agent.systemd.UnixDatagram;

@Timeout(60)
final class JournalLogTests {
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration IMPATIENT = Duration.ofMillis(20);

  @TempDir Path directory;

  private final Recorded fallback = new Recorded();

  @Test
  void lineOfAStepCarriesItsFields() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      log.step(Map.of("AGENT_STEP", "20reload"), "<4>low on space".getBytes(UTF_8));
      assertEquals(
          Map.of(
              "MESSAGE", "low on space",
              "PRIORITY", "4",
              "SYSLOG_FACILITY", "3",
              "SYSLOG_IDENTIFIER", "agent@samba1",
              "AGENT_STEP", "20reload"),
          JournalFields.of(journald.receive()));
    }
  }

  @Test
  void lineWithoutPriorityIsInformation() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      log.step(Map.of(), "<9>odd".getBytes(UTF_8));
      var fields = JournalFields.of(journald.receive());
      assertEquals("6", fields.get("PRIORITY"));
      assertEquals("<9>odd", fields.get("MESSAGE"));
    }
  }

  @Test
  void agentsLineIsEscapedAndKeepsWhatLooksLikeAPriority() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      log.agent(Priority.WARNING, "<0>a\nPRIORITY=0");
      var fields = JournalFields.of(journald.receive());
      assertEquals("4", fields.get("PRIORITY"));
      assertEquals("<0>a\\nPRIORITY=0", fields.get("MESSAGE"));
    }
  }

  @Test
  void noByteOfAValueBeginsAnotherField() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      log.step(Map.of("AGENT_STEP", "a\nPRIORITY=0\n"), "b\nMESSAGE=c\n\0".getBytes(UTF_8));
      var fields = JournalFields.of(journald.receive());
      assertEquals("a\nPRIORITY=0\n", fields.get("AGENT_STEP"));
      assertEquals("b\nMESSAGE=c\n\0", fields.get("MESSAGE"));
    }
  }

  @Test
  void identifierAmongTheFieldsWins() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      log.agent(Priority.INFO, Map.of("SYSLOG_IDENTIFIER", "agent@mail1"), "a");
      assertEquals("agent@mail1", JournalFields.of(journald.receive()).get("SYSLOG_IDENTIFIER"));
    }
  }

  @Test
  void longestLineAndLongFieldsFit() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      String line = "x".repeat(AgentLine.MAX) + " [cut: 1 GB more]";
      log.step(Map.of("AGENT_EVENT_SOURCE", "é".repeat(10_000)), line.getBytes(UTF_8));
      var fields = JournalFields.of(journald.receive());
      assertEquals(line, fields.get("MESSAGE"));
      assertEquals("é".repeat(JournalEntry.MAX_VALUE / 2), fields.get("AGENT_EVENT_SOURCE"));
    }
  }

  @Test
  void slowJournalGetsEveryLineInOrder() throws Throwable {
    int lines = 2_000;
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < lines; i++) {
                      log.step(Map.of(), Integer.toString(i).getBytes(UTF_8));
                    }
                  });
      for (int i = 0; i < lines; i++) {
        assertEquals(Integer.toString(i), JournalFields.of(journald.receive()).get("MESSAGE"));
      }
      writer.join();
      assertEquals(0, log.dropped());
    }
  }

  @Test
  void interruptedWriterLosesNoLineAndStaysInterrupted() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(PATIENT)) {
      List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    for (int i = 0; i < 1_000; i++) {
                      log.agent(Priority.INFO, Integer.toString(i));
                    }
                    interrupted.add(Thread.currentThread().isInterrupted());
                  });
      for (int i = 0; i < 1_000; i++) {
        assertEquals(Integer.toString(i), JournalFields.of(journald.receive()).get("MESSAGE"));
      }
      writer.join();
      assertEquals(List.of(true), interrupted);
    }
  }

  @Test
  void journalThatNeverReadsCostsPatienceOnceAndIsTold() throws Throwable {
    try (var journald = new DatagramReceiver(path());
        var log = log(IMPATIENT)) {
      int taken = 0;
      while (log.dropped() == 0) {
        log.agent(Priority.INFO, "a");
        taken++;
      }
      log.agent(Priority.INFO, "b");
      assertEquals(2, log.dropped());
      assertEquals(List.of(), fallback.lines);
      for (int i = 1; i < taken; i++) {
        assertEquals("a", JournalFields.of(journald.receive()).get("MESSAGE"));
      }
      log.agent(Priority.INFO, "c");
      assertEquals("c", JournalFields.of(journald.receive()).get("MESSAGE"));
      var told = JournalFields.of(journald.receive());
      assertEquals(
          "The journal did not take 2 lines; they are on stderr or were dropped",
          told.get("MESSAGE"));
      assertEquals("4", told.get("PRIORITY"));
    }
  }

  @Test
  void absentJournalLeavesLinesToTheFallbackUntilItIsBack() throws Throwable {
    try (var log = log(IMPATIENT)) {
      log.agent(Priority.ERROR, "a");
      log.step(Map.of(), "<5>b".getBytes(UTF_8));
      assertEquals(List.of("ERROR a", "step <5>b"), fallback.lines);
      assertEquals(0, log.dropped());
      try (var journald = new DatagramReceiver(path())) {
        log.agent(Priority.INFO, "c");
        assertEquals("c", JournalFields.of(journald.receive()).get("MESSAGE"));
        assertTrue(journald.text().contains("did not take 2 lines"));
      }
    }
  }

  @Test
  void journalStartedAgainWithinThePatienceLosesNothing() throws Throwable {
    try (var log = log(PATIENT)) {
      Thread writer = Thread.ofPlatform().start(() -> log.agent(Priority.INFO, "a"));
      while (writer.getState() != Thread.State.TIMED_WAITING && writer.isAlive()) {
        Thread.onSpinWait();
      }
      try (var journald = new DatagramReceiver(path())) {
        assertEquals("a", JournalFields.of(journald.receive()).get("MESSAGE"));
      }
      writer.join();
      Files.delete(directory.resolve("socket"));
      assertEquals(List.of(), fallback.lines);
    }
  }

  private String path() {
    return directory.resolve("socket").toString();
  }

  private JournalLog log(Duration patience) throws IOException {
    return new JournalLog(
        new UnixDatagram(path(), JournalEntry.MAX_BYTES), "agent@samba1", fallback, patience);
  }

  /** A fallback that remembers. */
  private static final class Recorded implements SystemLog {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void agent(Priority priority, Map<String, String> fields, String text) {
      lines.add(priority + " " + text);
    }

    @Override
    public void step(Map<String, String> fields, byte[] line) {
      lines.add("step " + new String(line, UTF_8));
    }

    @Override
    public void close() {}
  }
}
