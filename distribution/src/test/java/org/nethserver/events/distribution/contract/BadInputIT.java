package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Point 4 and the payloads of 3: whatever is published, the agent lives and stays in its fence. */
class BadInputIT {
  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    agent = stage.agent("--trust=any");
  }

  /** Steps at every place that a channel of these tests could lead to. */
  @BeforeEach
  void layTraps() {
    stage.step("fence-passed", "10pass", ":");
    Path events = stage.events();
    for (String trap :
        List.of(
            ".",
            "..",
            "../actions/foo",
            "sub/dir",
            "sub",
            ".hidden",
            "-rf",
            "b",
            "with space",
            "a\nb",
            "esc\033[31m",
            "a*",
            "a\\b",
            "event/b",
            "x".repeat(256 - 1))) {
      stage.script(events.resolve(trap).resolve("10trap"), "seen trapped \"$0\"");
    }
    // Names that Java's paths cannot hold everywhere.
    for (String trap : List.of("\\377\\376", "\\303\\251")) {
      Shell.run(
          "cd '%s' && d=$(printf '%s') && mkdir -p \"$d\" && cp sub/10trap \"$d\""
              .formatted(events, trap));
    }
  }

  private static void isRefusedInOneLine(byte[] channel) {
    int lines = agent.lines().size();
    int started = agent.lines("is starting step").size();
    stage.redis().publish(channel, "{}".getBytes(UTF_8));
    assertEquals("\"completed\" (0) at step 10pass", agent.run("cluster/event/fence-passed", "{}"));

    List<String> said = agent.lines().subList(lines, agent.lines().size());
    List<String> warnings = said.stream().filter(line -> line.startsWith("<4>")).toList();
    assertEquals(1, warnings.size(), () -> "one warning wanted in " + said);
    assertEquals(3, said.size(), () -> "one line beside the next event's wanted in " + said);
    assertEquals(started + 1, agent.lines("is starting step").size());
    assertEquals(List.of(), stage.seen());
  }

  private static void isRefusedInOneLine(String channel) {
    isRefusedInOneLine(channel.getBytes(UTF_8));
  }

  @Claim("4a")
  @Test
  void channelIsCutAtItsFirstEvent() {
    // Cut at the last, the first two would be events "b" of other sources.
    isRefusedInOneLine("a/event/event/b");
    isRefusedInOneLine("a/event/c/event/b");
    stage.step("event", "10run", "seen run");

    agent.run("a/event/event", "{}");

    assertEquals(List.of("run"), stage.seen());
  }

  @Claim({"4b", "4h"})
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\nb",
        "a\tb",
        "\u00e9",
        "a*",
        "a?",
        "a\\b",
        "a'b",
        "a\"b",
        "$HOME",
        "`id`",
        "a;b",
        "a:b",
        "a@b",
        "cluster\0",
        "\uFF41",
        "cluster%2f"
      })
  void sourceWithAnotherCharacterIsRefused(String source) {
    isRefusedInOneLine(source + "/event/b");
  }

  @Claim({"4b", "4h"})
  @Test
  void sourceThatIsNoUtf8IsRefused() {
    isRefusedInOneLine("\377\376/event/b".getBytes(ISO_8859_1));
    isRefusedInOneLine("\300\257/event/b".getBytes(ISO_8859_1));
  }

  @Claim({"4c", "4h"})
  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "/", "/a", "a/", "a//b", "a/./b", "a/../b", "../../etc", "./a"})
  void sourceWithAnEmptyOrDottedSegmentIsRefused(String source) {
    isRefusedInOneLine(source + "/event/b");
  }

  @Claim({"4d", "4g", "4h"})
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "sub/dir",
        "sub/",
        "/sub",
        "../actions/foo",
        "sub/../../actions/foo",
        "a\nb",
        "with space",
        "a\0b",
        "b\0",
        "esc\033[31m",
        "\u00e9",
        "a*",
        "*",
        "a\\b",
        "event/b",
        "b ",
        "//etc"
      })
  void nameThatIsNoSegmentIsRefused(String name) {
    isRefusedInOneLine("x/event/" + name);
  }

  @Claim({"4d", "4g", "4h"})
  @Test
  void nameThatIsNoUtf8IsRefused() {
    isRefusedInOneLine("x/event/\377\376".getBytes(ISO_8859_1));
    isRefusedInOneLine("x/event/b\300\257".getBytes(ISO_8859_1));
  }

  @Claim({"4e", "4h"})
  @Test
  void nameMayBe255BytesLong() {
    isRefusedInOneLine("x/event/" + "x".repeat(256));
    isRefusedInOneLine("x/event/" + "x".repeat(5_000));

    agent.run("x/event/" + "x".repeat(255), "{}");

    assertEquals(1, stage.seen().size());
  }

  @Claim({"4f", "4g", "4h"})
  @ParameterizedTest
  @ValueSource(strings = {".", "..", ".hidden", "-rf", "-"})
  void nameThatBeginsWithDotOrDashIsRefused(String name) {
    isRefusedInOneLine("x/event/" + name);
  }

  @Claim({"4h", "4k"})
  @Test
  void sourceMayBe8192BytesLong() {
    isRefusedInOneLine("a".repeat(8_193) + "/event/source-told");
    isRefusedInOneLine("a/".repeat(1 << 20) + "a/event/source-told");

    String source = "a".repeat(4_096) + "/" + "b".repeat(4_095);
    stage.step("source-told", "10tell", "seen \"$AGENT_EVENT_SOURCE\"");

    agent.run(source + "/event/source-told", "{}");

    assertEquals(List.of(source), stage.seen());
  }

  @Claim("4i")
  @Test
  void controlCharactersAreEscaped() {
    String channel = "x/event/a\nb\rc\033[31md\007e\u009bf\u202eg\0h";
    isRefusedInOneLine(channel);

    String warning = agent.lines("refused").getLast();
    assertTrue(warning.contains("\\x1b[31md"), warning);
    assertTrue(warning.contains("a\\nb"), warning);
    assertFalse(warning.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u202e'), warning);
  }

  @Claim("4j")
  @Test
  void lastLineTellsHowManyWereRefused() {
    ContractAgent counting = stage.launch().id("module/counting1").subscribed();
    for (String name : List.of("", "a b", "../b")) {
      stage.redis().publish("x/event/" + name, "{}");
    }
    counting.run("cluster/event/fence-passed", "{}");

    counting.signal("USR1");

    assertEquals(0, counting.awaitExit());
    String last = counting.lines().getLast();
    assertTrue(last.contains("3 refused"), last);
  }

  @Claim("3f")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_095, 65_535, 65_536, 65_537, 1 << 20, 8 << 20, 28 << 20})
  void payloadOfAnySizeIsDelivered(int size) throws NoSuchAlgorithmException {
    byte[] payload = new byte[size];
    new Random(size).nextBytes(payload);
    stage.step("blob-stored", "10sum", "seen \"$(sha256sum)\"");

    String outcome =
        agent.run(
            "cluster/event/blob-stored",
            () -> stage.redis().publish("cluster/event/blob-stored".getBytes(US_ASCII), payload));

    assertEquals("\"completed\" (0) at step 10sum", outcome);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
    assertEquals(List.of(sum + "  -"), stage.seen());
  }

  @Claim({"3a", "3b"})
  @Test
  void payloadsThatAreNothingAreDelivered() {
    stage.step("blob-stored", "10sum", "seen \"$(od -An -tx1 | tr -d ' \\n')\"");
    List<String> payloads =
        List.of("{", "}{", "\0", "\377\376\300\257", "\n", "\033[31m", "nul\0l");

    for (String payload : payloads) {
      agent.run(
          "cluster/event/blob-stored",
          () ->
              stage
                  .redis()
                  .publish(
                      "cluster/event/blob-stored".getBytes(US_ASCII),
                      payload.getBytes(ISO_8859_1)));
    }

    assertEquals(
        payloads.stream().map(p -> HexFormat.of().formatHex(p.getBytes(ISO_8859_1))).toList(),
        stage.seen());
  }

  @Claim("4h")
  @Test
  void manyRefusalsInARowAreOneLineEach() {
    byte[] channel = "x/event/../actions/foo".getBytes(US_ASCII);
    int before = agent.lines("refused").size();
    for (int i = 0; i < 200; i++) {
      stage.redis().publish(channel, Arrays.copyOf(channel, i));
    }

    agent.run("cluster/event/fence-passed", "{}");

    assertEquals(before + 200, agent.lines("refused").size());
    assertEquals(List.of(), stage.seen());
  }
}
