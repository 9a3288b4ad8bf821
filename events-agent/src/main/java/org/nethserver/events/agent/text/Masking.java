package org.nethserver.events.agent.text;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Puts {@code ***} in the place of secrets: of values whose key ends in {@code password}, {@code
 * secret} or {@code token}, in any case. All else stays as it is, to the letter.
 *
 * <p>In JSON the value is whatever stands under the key. In text it is what follows the key and
 * {@code =} or {@code :}, or a blank where the key is a flag: a string in quotes, a list or object
 * in brackets, or what comes up to the next blank.
 */
public final class Masking {
  /** What is shown in place of a secret. */
  public static final String MASK = "***";

  private static final String QUOTED_MASK = '"' + MASK + '"';

  private Masking() {}

  /** Tells whether what stands under a key is a secret. */
  public static boolean isSecret(String key) {
    String small = key.toLowerCase(Locale.ROOT);
    return small.endsWith("password") || small.endsWith("secret") || small.endsWith("token");
  }

  /** Masks lines of text. */
  public static String text(String text) {
    return new SecretsInText(text).masked();
  }

  /** Masks a line of bytes that is perhaps text. */
  public static byte[] line(byte[] line) {
    // A character for each byte: what is looked for is ASCII in all that anybody writes.
    String text = new String(line, StandardCharsets.ISO_8859_1);
    String masked = text(text);
    return masked.equals(text) ? line : masked.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Masks a payload, by its keys if it is JSON, else as text. */
  public static String payload(String payload) {
    return json(payload).orElseGet(() -> text(payload));
  }

  /** Masks a payload of bytes, which stays UTF-8 if it was. */
  public static byte[] payload(byte[] payload) {
    if (!Utf8.isWhole(payload)) {
      return line(payload);
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    String masked = payload(text);
    return masked.equals(text) ? payload : masked.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<String> json(String payload) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), payload)) {
      return Optional.of(new InJson(payload, parser).masked());
    } catch (JacksonException e) {
      return Optional.empty(); // no JSON, or deeper than anybody writes it
    }
  }

  /** Copies JSON but for its secrets. */
  private static final class InJson {
    private final String payload;
    private final JsonParser parser;
    private final StringBuilder out = new StringBuilder();
    private int copied;

    /** Whether the last item of a list was a flag, whose value the next one is. */
    private boolean afterFlag;

    InJson(String payload, JsonParser parser) {
      this.payload = payload;
      this.parser = parser;
    }

    String masked() {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean secret = parser.streamReadContext().inArray() && afterFlag;
        afterFlag = false;
        if (token == JsonToken.PROPERTY_NAME) {
          if (isSecret(parser.currentName())) {
            parser.nextToken();
            mask();
          }
        } else if (token == JsonToken.VALUE_STRING) {
          if (secret) {
            mask();
          } else {
            string(parser.getString());
          }
        }
      }
      return copied == 0 ? payload : out.append(payload, copied, payload.length()).toString();
    }

    private void mask() {
      int start = offset(parser.currentTokenLocation().getCharOffset());
      parser.skipChildren();
      parser.finishToken();
      put(start, QUOTED_MASK);
    }

    /** A string may hold lines of text, or JSON once more. */
    private void string(String value) {
      int start = offset(parser.currentTokenLocation().getCharOffset());
      String masked = text(value);
      afterFlag = parser.streamReadContext().inArray() && value.startsWith("-") && isSecret(value);
      if (!masked.equals(value)) {
        put(
            start,
            '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(masked)) + '"');
      }
    }

    private void put(int start, String instead) {
      out.append(payload, copied, start).append(instead);
      copied = offset(parser.currentLocation().getCharOffset());
    }

    private static int offset(long offset) {
      return Math.toIntExact(offset);
    }
  }
}
