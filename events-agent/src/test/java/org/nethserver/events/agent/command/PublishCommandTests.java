package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class PublishCommandTests {
  private static final String ADDED = "{\"module\":\"mail1\",\"node\":1}";

  private final Shell shell = new Shell();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    shell.close();
  }

  private static Shell.Result publish(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "publish";
    arguments[1] = "--redis=fake://here";
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Shell.type(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | Sent, and nobody listened: is an agent running on this Redis?",
        "1 | Sent to 1 listener",
        "2 | Sent to 2 listeners"
      })
  void tellsHowManyListened(long receivers, String said) {
    shell.transport.receivers = receivers;
    assertEquals(new Shell.Result(0, said + "\n", ""), publish("cluster", "module-added", ADDED));
    assertEquals(
        List.of("publish cluster/event/module-added " + ADDED, "close"), shell.transport.calls);
    assertEquals(Optional.empty(), shell.transport.opened.getFirst().credentials());
  }

  @Test
  void payloadOfAFileIsSentAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("payload.json"), "{ \"a b\":\t1 }\n");
    assertEquals(0, publish("module/m1", "disk-filled", "@" + file).exitCode());
    assertEquals(
        "publish module/m1/event/disk-filled { \"a b\":\t1 }\n", shell.transport.calls.getFirst());
  }

  @Test
  void payloadIsAnEmptyObjectUnlessSaid() {
    publish("module/m1", "disk-filled");
    assertEquals("publish module/m1/event/disk-filled {}", shell.transport.calls.getFirst());
  }

  @Test
  void whatIsNoObjectIsRefusedUnlessRaw() {
    Shell.Result refused = publish("module/m1", "disk-filled", "[1]");
    assertEquals(2, refused.exitCode());
    assertTrue(
        refused
            .err()
            .endsWith(
                "Not sent: module/m1/event/disk-filled breaks the rules above;"
                    + " --raw sends it all the same\n"),
        refused::err);
    assertEquals(List.of(), shell.transport.calls);
    assertEquals(0, publish("--raw", "module/m1", "disk-filled", "[1]").exitCode());
    assertEquals("publish module/m1/event/disk-filled [1]", shell.transport.calls.getFirst());
  }

  @Test
  void nameThatBreaksTheRulesIsRefusedUnlessRaw() {
    Shell.Result refused = publish("module/m1", "../x");
    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().startsWith("\"../x\" is no event name: "), refused::err);
    assertEquals(0, publish("--raw", "module/m1", "../x").exitCode());
    assertEquals("publish module/m1/event/../x {}", shell.transport.calls.getFirst());
  }

  @Test
  void nameThatIsNotInThePastTenseIsWarnedOf() {
    Shell.Result warned = publish("module/m1", "fill-disk");
    assertEquals(0, warned.exitCode());
    assertTrue(warned.err().startsWith("warning name-past-tense: "), warned::err);
    JsonNode json = publish("--json", "module/m1", "fill-disk").json();
    assertEquals("module/m1/event/fill-disk", json.path("channel").asString());
    assertEquals(2, json.path("bytes").asInt());
    assertEquals(0, json.path("receivers").asInt(-1));
    assertTrue(
        json.at("/findings/0").asString().startsWith("warning name-past-tense: "), json::toString);
  }

  @Test
  void catalogueFilesOfOnesOwnAreKnown() throws IOException {
    Files.writeString(
        directory.resolve("own.json"),
        """
        {"events": [{
          "name": "disk-filled",
          "summary": "A disk is full",
          "sources": ["node/<n>"],
          "payload": {"type": "object", "required": ["device"]}
        }]}
        """);
    String own = "--catalog=" + directory;
    Shell.Result refused = publish(own, "node/1", "disk-filled", "{}");
    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().contains("lacks the key \"device\""), refused::err);
    assertEquals(List.of(), shell.transport.calls);
    assertEquals(0, publish(own, "node/1", "disk-filled", "{\"device\":\"sda\"}").exitCode());
    assertEquals(0, publish("node/1", "disk-filled", "{}").exitCode());
  }

  @Test
  void catalogueFileThatCannotBeUsedIsWarnedOf() {
    Shell.Result warned =
        publish("--catalog=" + directory.resolve("none"), "module/m1", "disk-filled");
    assertEquals(0, warned.exitCode());
    assertTrue(warned.err().contains("catalogue directory \"" + directory), warned::err);
  }

  @Test
  void payloadOver1MiBIsRefusedUnlessLarge() throws IOException {
    String whole = "{\"a\":\"" + "x".repeat((1 << 20) - 8) + "\"}";
    Path file = Files.writeString(directory.resolve("payload"), whole);
    assertEquals(0, publish("--raw", "module/m1", "disk-filled", "@" + file).exitCode());
    Files.writeString(file, whole + " ");
    Shell.Result refused = publish("--raw", "module/m1", "disk-filled", "@" + file);
    assertEquals(2, refused.exitCode());
    assertEquals(
        "Not sent: the payload has 1048577 bytes, more than 1 MiB; send an id that listeners can"
            + " look up, or say --large\n",
        refused.err());
    assertEquals(0, publish("--raw", "--large", "module/m1", "disk-filled", "@" + file).exitCode());
  }

  @Test
  void failureOfTheTransportIsOneHarmlessSentence() {
    shell.transport.failure = new IOException("not sent: NOPERM \u001b[31m");
    assertEquals(
        new Shell.Result(1, "", "not sent: NOPERM \\x1b[31m\n"),
        publish("cluster", "module-added", ADDED));
    assertEquals(List.of("close"), shell.transport.calls);
  }

  @Test
  void missingFileIsNamed() {
    Path missing = directory.resolve("missing");
    Shell.Result result = publish("module/m1", "disk-filled", "@" + missing);
    assertEquals(2, result.exitCode());
    assertEquals("Not sent: file \"" + missing + "\" does not exist\n", result.err());
    assertFalse(result.err().contains("\tat "));
  }
}
