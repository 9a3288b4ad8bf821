package org.nethserver.events.agent.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.agent.json.JsonText;

final class MaskingTests {
  private static final long SEED = Long.getLong("masking.seed", System.nanoTime());
  private static final String WHY = "-Dmasking.seed=" + SEED;

  @Nested
  final class Text {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "FOO_PASSWORD=x|FOO_PASSWORD=***",
          "export DB_SECRET='a b' now|export DB_SECRET='***' now",
          "password: x|password: ***",
          "Password : hunter2, or so|Password : *** or so",
          "with --admin-password x and more|with --admin-password *** and more",
          "--token=x --verbose|--token=*** --verbose",
          "--token x|--token ***",
          "-Dmy.token=x y|-Dmy.token=*** y",
          "\"api_token\": \"x\", \"a\": 1|\"api_token\": \"***\", \"a\": 1",
          "{\"apiToken\":12,\"a\":1}|{\"apiToken\":***,\"a\":1}",
          "{'password': 'it\\'s', 'a': 'b'}|{'password': '***', 'a': 'b'}",
          "got {\"secret\": {\"a\": [1, \"}\"]}, \"b\": 2}|got {\"secret\": ***, \"b\": 2}",
          "{\\\"password\\\":\\\"x y\\\",\\\"a\\\":1}|{\\\"password\\\":\\\"***\\\",\\\"a\\\":1}",
          "PASSWORD=\"a \\\" b\" next|PASSWORD=\"***\" next",
          "PASSWORD=a\\ b'c d'e next|PASSWORD=*** next",
          "['--password', 'x y', '-v']|['--password', '***', '-v']",
          "config[\"token\"] = \"x\"|config[\"token\"] = \"***\"",
          "?token=abc|?token=***",
          "secretoken=x|secretoken=***",
          "token => x|token => ***",
          "PASSWORD=\"never closed|PASSWORD=\"***"
        })
    void secretsGo(String text, String masked) {
      assertEquals(masked, Masking.text(text));
      assertArrayEquals(masked.getBytes(UTF_8), Masking.line(text.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "the password is wrong",
          "wrong password",
          "no password:",
          "password_file=/etc/x",
          "passwords: 3",
          "tokens=4",
          "a token is needed, a secret too",
          "secretary: Ann",
          "--password-file /etc/x",
          "--token",
          "password=",
          "{\"tokenizer\": \"x\"}",
          "größe: 4 € — naïve"
        })
    void allElseStays(String text) {
      assertSame(text, Masking.text(text));
    }

    @Test
    void colouredKeysAreKeys() {
      assertEquals(
          "\u001b[31mpassword\u001b[0m: ***\nnext",
          Masking.text("\u001b[31mpassword\u001b[0m: hunter2\nnext"));
    }

    @Test
    void valuesEndWithTheirLine() {
      assertEquals("a\ntoken=***\r\nb=c", Masking.text("a\ntoken=x'y\r\nb=c"));
      assertEquals("token:\nx", Masking.text("token:\nx"));
    }

    @Test
    void objectsEndWhereTheyAreClosedLinesBelow() {
      assertEquals(
          "{\n  \"secret\": ***,\n  \"b\": 2\n}",
          Masking.text("{\n  \"secret\": {\n    \"a\": \"x\"\n  },\n  \"b\": 2\n}"));
    }

    @Test
    void bytesThatAreNoTextStay() {
      byte[] line = "\u00ff\u0000token=\u00fe\u00fd x".getBytes(ISO_8859_1);
      assertArrayEquals("\u00ff\u0000token=*** x".getBytes(ISO_8859_1), Masking.line(line));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "token",
          "token=[",
          "token ",
          "password:'",
          "\"secret\\",
          "--token \\",
          "t\u001b["
        })
    void longTextTakesNoLongTime(String part) {
      String text = part.repeat(300_000);
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Masking.text(text));
    }
  }

  @Nested
  final class Json {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"password\":\"x\"}|{\"password\":\"***\"}",
          "{ \"api_token\" : 12.50 , \"a\":1.0}|{ \"api_token\" : \"***\" , \"a\":1.0}",
          "{\"a\":{\"SECRET\":[1,{\"b\":\"x\"}]},\"c\":null}|{\"a\":{\"SECRET\":\"***\"},\"c\":null}",
          "{\"token\":null,\"secret\":true}|{\"token\":\"***\",\"secret\":\"***\"}",
          "{\"pass\\u0077ord\":\"x\"}|{\"pass\\u0077ord\":\"***\"}",
          "[\"--token\",\"x\",\"y\"]|[\"--token\",\"***\",\"y\"]",
          "{\"cmd\":\"login --password x\\nnext\"}|{\"cmd\":\"login --password ***\\nnext\"}",
          "{\"in\":\"{\\\"token\\\":\\\"x\\\"}\"}|{\"in\":\"{\\\"token\\\":\\\"***\\\"}\"}",
          "{\"password\":\"x\"} token=y|{\"password\":\"***\"} token=***",
          "[{\"user\":\"a\",\"password\":\"x\",\"password\":\"y\"}]|[{\"user\":\"a\",\"password\":\"***\",\"password\":\"***\"}]"
        })
    void secretsGoWhateverTheyAre(String payload, String masked) {
      assertEquals(masked, Masking.payload(payload));
      assertEquals(masked, new String(Masking.payload(payload.getBytes(UTF_8)), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{\"a\": 1.50,\t\"b\" :\"\\u00e9\\/\"}", "[]", "plain", "", "{\"tokens\":[1]}"})
    void allElseStaysToTheLetter(String payload) {
      assertSame(payload, Masking.payload(payload));
    }

    @Test
    void whatIsDeeperThanAnybodyWritesIsText() {
      String deep = "[".repeat(5_000) + "{\"token\":\"x\"}" + "]".repeat(5_000);
      assertFalse(Masking.payload(deep).contains("x"));
    }
  }

  /** Whatever stands around it, and whatever it is: no secret is left, and nothing else is gone. */
  @Nested
  final class Properties {
    private static final List<String> KEYS =
        List.of("password", "DB_PASSWORD", "clientSecret", "api_token", "Token", "x.secret");
    private final Random random = new Random(SEED);

    private String any(String alphabet, int most) {
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(most);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      return text.toString();
    }

    private String key() {
      return KEYS.get(random.nextInt(KEYS.size()));
    }

    private void check(BinaryOperator<String> form, String alphabet, boolean quoted) {
      for (int i = 0; i < 3_000; i++) {
        // A letter that stands nowhere else tells whether any of it is left.
        String inner = any(alphabet, 12);
        String secret = "Q" + inner + "Q";
        String before = any("abc ,;=\n", 8);
        String after = any("abc ,;=\n", 8);
        String key = key();
        String text = before + "\n" + form.apply(key, secret) + " " + after;
        String masked = Masking.text(text);
        assertFalse(masked.contains("Q"), () -> WHY + ": " + text + "\nbecame " + masked);
        String mask = quoted ? Masking.MASK : "***";
        assertEquals(
            before + "\n" + form.apply(key, mask) + " " + after, masked, () -> WHY + ": " + text);
      }
    }

    @Test
    void assignmentsAndLines() {
      String plain = "abcXYZ019!#$%&()*+./:;<=>?@^_`|~-é€";
      check((key, secret) -> key + "=" + secret, plain, false);
      check((key, secret) -> key + ": " + secret, plain, false);
      check((key, secret) -> "--" + key + "=" + secret, plain, false);
      check((key, secret) -> "--my-" + key + " " + secret, plain, false);
      check((key, secret) -> "\t" + key + "\t:=\t" + secret, plain, false);
    }

    @Test
    void quotedStrings() {
      String withBlanks = "abc XYZ019{}[],:;'=\t é€\\";
      BinaryOperator<String> json =
          (key, secret) ->
              "\"" + key + "\": \"" + secret.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      check(json, withBlanks + "\"", true);
      check((key, secret) -> key + "='" + secret + "'", withBlanks.replaceAll("['\\\\]", ""), true);
      check((key, secret) -> "{'" + key + "' : '" + secret + "'}", "abc {}[]\",:=", true);
    }

    @Test
    void payloadsStayJsonAndKeepAllElse() {
      for (int i = 0; i < 3_000; i++) {
        String key = key();
        String payload = object(3, key);
        String masked = Masking.payload(payload);
        assertFalse(masked.contains("Q"), () -> WHY + ": " + payload + "\nbecame " + masked);
        assertTrue(
            JsonText.read(ByteBuffer.wrap(masked.getBytes(UTF_8))).root().isPresent(),
            () -> WHY + ": " + masked);
        // What is under no such key is there as often as before.
        assertEquals(
            payload.chars().filter(c -> c == 'K').count(),
            masked.chars().filter(c -> c == 'K').count(),
            () -> WHY + ": " + payload + "\nbecame " + masked);
      }
    }

    private String object(int depth, String key) {
      StringBuilder text = new StringBuilder("{");
      int entries = 1 + random.nextInt(3);
      for (int i = 0; i < entries; i++) {
        text.append(i > 0 ? "," : "").append("\"k").append(i).append("\" : ");
        text.append(depth > 0 && random.nextBoolean() ? object(depth - 1, key) : value("K"));
      }
      text.append(",\"").append(key).append("\":");
      text.append(depth > 0 && random.nextInt(3) == 0 ? "[" + value("Q") + "]" : value("Q"));
      return text.append('}').toString();
    }

    private String value(String letter) {
      return switch (random.nextInt(3)) {
        case 0 -> "\"" + letter + " \\\"\\\\ \\n}" + letter + "\"";
        case 1 -> "[\"" + letter + "\", {\"a\":\"" + letter + "\"}, 1.0]";
        default -> "\"" + letter + "\"";
      };
    }
  }
}
