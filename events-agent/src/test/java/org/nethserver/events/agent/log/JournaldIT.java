package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.agent.systemd.ChildJvm;
import org.nethserver.events.agent.systemd.UnixDatagram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a real journald keeps of what is written. */
@Timeout(120)
final class JournaldIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  private PrivateJournal journal;

  @BeforeEach
  void start() throws IOException {
    String missing = PrivateJournal.missing();
    assumeTrue(missing.isEmpty(), missing);
    journal = new PrivateJournal();
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (journal != null) {
      journal.end();
    }
  }

  @Test
  void linesAreFoundByTheirFields() throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      Map<String, String> fields =
          Map.of(
              "AGENT_ID", "module/samba1",
              "AGENT_EVENT_ID", "7f3a",
              "AGENT_EVENT_NAME", "user-domain-changed",
              "AGENT_EVENT_SOURCE", "cluster",
              "AGENT_STEP", "20reload",
              "AGENT_STEP_RUN", "91bc",
              "AGENT_STREAM", "stderr");
      log.step(fields, "<3>no such domain".getBytes(UTF_8));
      JsonNode entry = read("AGENT_EVENT_NAME=user-domain-changed", 1).getFirst();
      fields.forEach((name, value) -> assertEquals(value, entry.path(name).asString(), name));
      assertEquals("no such domain", entry.path("MESSAGE").asString());
      assertEquals("3", entry.path("PRIORITY").asString());
      assertEquals("agent@samba1", entry.path("SYSLOG_IDENTIFIER").asString());
      assertEquals("journal", entry.path("_TRANSPORT").asString());
      assertEquals(Long.toString(ProcessHandle.current().pid()), entry.path("_PID").asString());
    }
  }

  @Test
  void linesOfAnotherUserAreSentAsThatUser() throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "events-agent")) {
      for (int uid : new int[] {61_234, 61_235}) {
        SystemLog other = log.of(new UnixDatagram.Sender(uid, uid + 1));
        Map<String, String> fields =
            Map.of("AGENT_TEST", "u" + uid, SystemLog.IDENTIFIER, "agent@m" + uid);
        other.step(fields, "<4>of a step".getBytes(UTF_8));
        log.agent(Priority.INFO, Map.of("AGENT_TEST", "own"), "of the process");
        other.agent(Priority.INFO, fields, "of the agent");
        for (JsonNode entry : read("AGENT_TEST=u" + uid, 2)) {
          assertEquals(Integer.toString(uid), entry.path("_UID").asString());
          assertEquals(Integer.toString(uid + 1), entry.path("_GID").asString());
          assertEquals("agent@m" + uid, entry.path("SYSLOG_IDENTIFIER").asString());
        }
        assertEquals("4", read("_UID=" + uid, 2).getFirst().path("PRIORITY").asString());
      }
      read("AGENT_TEST=own", 2).forEach(own -> assertEquals("0", own.path("_UID").asString()));
    }
  }

  @Test
  void everyPriorityOfAgentAndStepIsKept() throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      for (Priority priority : Priority.values()) {
        log.agent(priority, Map.of("AGENT_TEST", "agent"), "a");
        log.step(Map.of("AGENT_TEST", "step"), ("<" + priority.ordinal() + ">a").getBytes(UTF_8));
      }
      for (String kind : List.of("agent", "step")) {
        List<JsonNode> entries = read("AGENT_TEST=" + kind, 8);
        for (int i = 0; i < 8; i++) {
          assertEquals(Integer.toString(i), entries.get(i).path("PRIORITY").asString());
          assertEquals("a", entries.get(i).path("MESSAGE").asString());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff\u00fe invalid",
        "nul \0 inside",
        "\u001b[31mred",
        "PRIORITY=0",
        "a\rb",
        "="
      })
  void bytesAreKeptAsTheyAre(String latin1) throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      byte[] line = latin1.getBytes(ISO_8859_1);
      log.step(Map.of("AGENT_TEST", "bytes"), line);
      assertEquals(latin1, latin1(read("AGENT_TEST=bytes", 1).getFirst().path("MESSAGE")));
    }
  }

  @Test
  void newlinesInAFieldMakeNoOtherField() throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      log.agent(Priority.INFO, Map.of("AGENT_TEST", "a\nPRIORITY=0"), "b\nMESSAGE=c");
      JsonNode entry = read("AGENT_TEST=a\nPRIORITY=0", 1).getFirst();
      assertEquals("6", entry.path("PRIORITY").asString());
      assertEquals("b\\nMESSAGE=c", entry.path("MESSAGE").asString());
    }
  }

  @Test
  void longestLineIsKeptWhole() throws IOException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      String line = "x".repeat(48 * 1024) + " [cut: 12 bytes more]";
      log.step(Map.of("AGENT_TEST", "long"), line.getBytes(UTF_8));
      assertEquals(line, read("AGENT_TEST=long", 1).getFirst().path("MESSAGE").asString());
    }
  }

  @Test
  void journaldStartedAgainGetsWhatWaited() throws IOException, InterruptedException {
    try (SystemLog log = SystemLogs.journal(journal.socket(), "agent@samba1")) {
      log.agent(Priority.INFO, Map.of("AGENT_TEST", "again"), "before");
      // What it has not read yet dies with it, for every sender.
      assertEquals(1, read("AGENT_TEST=again", 1).size());
      journal.kill();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> log.agent(Priority.INFO, Map.of("AGENT_TEST", "again"), "meanwhile"));
      journal.startAgain();
      writer.join();
      log.agent(Priority.INFO, Map.of("AGENT_TEST", "again"), "after");
      List<String> messages =
          read("AGENT_TEST=again", 3).stream().map(e -> e.path("MESSAGE").asString()).toList();
      assertEquals(List.of("before", "meanwhile", "after"), messages);
      assertEquals(0, log.dropped());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void processThatSystemdConnectedWritesToTheJournal(String descriptor)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(journal.inside(ChildJvm.command(LogChild.class, "lines")));
    builder.environment().put("STREAM_OF", descriptor);
    Process child = builder.redirectErrorStream(true).start();
    assertEquals("", new String(child.getInputStream().readAllBytes(), UTF_8));
    assertEquals(8, read("AGENT_TEST=a", 8).size());
    assertEquals(8, read("AGENT_TEST=s", 8).size());
    assertTrue(read("AGENT_TEST=empty", 1).getFirst().path("MESSAGE").asString().isEmpty());
  }

  private List<JsonNode> read(String match, int count) throws IOException {
    return journal.read(match, count).stream().map(JSON::readTree).toList();
  }

  /** Journalctl writes text as a string, and anything else as an array of bytes. */
  private static String latin1(JsonNode value) {
    if (!value.isArray()) {
      return new String(value.asString().getBytes(UTF_8), ISO_8859_1);
    }
    var bytes = new ByteArrayOutputStream();
    value.forEach(number -> bytes.write(number.asInt()));
    return bytes.toString(ISO_8859_1);
  }
}
