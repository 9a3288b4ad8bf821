package org.nethserver.events.agent.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrintableTests {
  @Nested
  final class Text {
    @Test
    void plainTextIsTheSame() {
      String text = "Handler of cluster/event/user-added skipped step 10x: \"why\" \\ ~";
      assertSame(text, Printable.text(text));
    }

    @Test
    void lettersOfAllScriptsAreKept() {
      String text = "perché 日本語 😀";
      assertEquals(text, Printable.text(text));
    }

    @Test
    void whatATerminalObeysIsEscaped() {
      assertEquals(
          "a\\nb\\rc\\td\\x1b[31me\\x00f\\x7fg\\x9bh",
          Printable.text("a\nb\rc\td\u001b[31me\0f\u007fg\u009bh"));
    }

    @Test
    void whatDeceivesTheEyeIsEscaped() {
      assertEquals(
          "\\u202ea\\u2028b\\u200bc\\ud800d\\u00ade\\u2065f",
          Printable.text("\u202ea\u2028b\u200bc\ud800d\u00ade\u2065f"));
    }
  }

  @Nested
  final class Bytes {
    @Test
    void plainLineIsTheSame() {
      byte[] line = "a\tplain line ~".getBytes(UTF_8);
      assertSame(line, Printable.bytes(line));
    }

    @Test
    void lettersOfAllScriptsAreKept() {
      byte[] line = "\u001bperché 日本語 😀".getBytes(UTF_8);
      assertEquals("\\x1bperché 日本語 😀", new String(Printable.bytes(line), UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
      "1b5b33316d, \\x1b[31m",
      "610062, a\\x00b",
      "0d, \\x0d",
      "7f, \\x7f",
      "9b41, \\x9bA",
      "c29b41, \\xc2\\x9bA",
      "c2a3, £",
      "e280ae41, \\xe2\\x80\\xaeA",
      "e280a9, \\xe2\\x80\\xa9",
      "f3a08081, \\xf3\\xa0\\x80\\x81",
      "c3, \\xc3",
      "c328, \\xc3(",
      "c080, \\xc0\\x80",
      "e08080, \\xe0\\x80\\x80",
      "eda080, \\xed\\xa0\\x80",
      "f0808080, \\xf0\\x80\\x80\\x80",
      "f4908080, \\xf4\\x90\\x80\\x80",
      "f5808080, \\xf5\\x80\\x80\\x80",
      "e282, \\xe2\\x82",
      "ff, \\xff"
    })
    void harmfulAndBrokenBytesAreEscaped(String hex, String shown) {
      byte[] line = java.util.HexFormat.of().parseHex(hex);
      assertEquals(shown, new String(Printable.bytes(line), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyValidCharacterOfItsLengthIsOneSequence(int length) {
      int[] samples = {0x41, 0xa0, 0x7ff, 0x800, 0xfffd, 0x10000, 0x10ffff};
      for (int sample : samples) {
        byte[] bytes = Character.toString(sample).getBytes(UTF_8);
        if (bytes.length == length) {
          assertEquals(length, Utf8.sequence(bytes, 0), Integer.toHexString(sample));
        }
      }
    }

    @Test
    void latin1IsShownByNumbers() {
      byte[] line = "perché".getBytes(ISO_8859_1);
      assertArrayEquals("perch\\xe9".getBytes(UTF_8), Printable.bytes(line));
    }
  }

  @Nested
  final class Brief {
    @Test
    void isEscapedAndQuoted() {
      assertEquals("\"a\\nb\\u202ec\"", Printable.quoted("a\nb\u202ec"));
    }

    @Test
    void isCutBetweenCharactersAndSaysSo() {
      assertEquals("é".repeat(120), Printable.brief("é".repeat(120)));
      assertEquals("😀".repeat(60) + "...", Printable.brief("😀".repeat(61)));
      assertEquals("\\x1b".repeat(30) + "...", Printable.brief("\u001b".repeat(31)));
    }
  }
}
