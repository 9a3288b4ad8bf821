package org.nethserver.events.agent.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.text.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON strictly: UTF-8 alone, one value, no key twice. It builds the tree from the parser's
 * tokens, since an object mapper would take longer to make than the text to read.
 */
public final class JsonText {
  /** Beyond it a number is a trap for whoever computes with it. */
  private static final int MAX_EXPONENT = 1_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<Fault> faults = new ArrayList<>();

  private JsonText() {}

  /** What kept the text from being good JSON. */
  public enum Rule {
    /** Nothing is there. */
    EMPTY,
    /** It is no UTF-8. */
    UTF8,
    /** It is no JSON. */
    JSON,
    /** An object has a key twice. */
    DUPLICATE_KEY
  }

  /**
   * One thing wrong with the text.
   *
   * @param rule what kind of thing
   * @param message what and where, without any value of the text
   */
  public record Fault(Rule rule, String message) {}

  /**
   * What was read.
   *
   * @param root the value, absent if the text is no JSON
   * @param faults what is wrong; doubled keys leave a root, the last value winning
   */
  public record Reading(Optional<JsonNode> root, List<Fault> faults) {
    /** Copies the list. */
    public Reading {
      faults = List.copyOf(faults);
    }
  }

  /** Reads the bytes; never throws. */
  public static Reading read(ByteBuffer bytes) {
    JsonText json = new JsonText();
    Optional<JsonNode> root = json.decode(bytes).flatMap(json::parse);
    return new Reading(root, json.faults);
  }

  /** Decodes the bytes, or adds a fault that says where they are no UTF-8. */
  public static Optional<String> utf8(ByteBuffer bytes, List<Fault> faults) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = bytes.duplicate();
    try {
      CharBuffer chars = decoder.decode(input);
      return Optional.of(chars.toString());
    } catch (CharacterCodingException e) {
      faults.add(
          new Fault(
              Rule.UTF8,
              "is not UTF-8: byte " + (input.position() + 1) + " is wrong; encode it as UTF-8"));
      return Optional.empty();
    }
  }

  private Optional<String> decode(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      faults.add(new Fault(Rule.EMPTY, "is empty"));
      return Optional.empty();
    }
    return utf8(bytes, faults);
  }

  private Optional<JsonNode> parse(String text) {
    if (text.startsWith("\ufeff")) {
      fail(Rule.JSON, "begins with a byte order mark; leave it out");
      return Optional.empty();
    }
    JsonFactory factory = new JsonFactory();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        fail(Rule.EMPTY, "is blank");
        return Optional.empty();
      }
      JsonNode root = value(parser);
      TokenStreamLocation end = parser.currentLocation();
      if (hasMore(parser)) {
        fail(Rule.JSON, "goes on behind its JSON value" + at(end) + "; leave the rest out");
        return Optional.empty();
      }
      return Optional.of(root);
    } catch (UnexpectedEndOfInputException e) {
      fail(Rule.JSON, "is not JSON: it ends too early" + at(e.getLocation()) + "; complete it");
    } catch (StreamConstraintsException e) {
      fail(Rule.JSON, "is too deep, or has too long a key or number; make it simpler");
    } catch (JacksonException e) {
      // Not its message: that quotes the text, which may be a secret.
      fail(Rule.JSON, "is not JSON" + at(e.getLocation()) + "; " + advice(text));
    }
    return Optional.empty();
  }

  private static boolean hasMore(JsonParser parser) {
    try {
      return parser.nextToken() != null;
    } catch (JacksonException e) {
      return true;
    }
  }

  private JsonNode value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      default -> throw new IllegalStateException("unexpected token " + parser.currentToken());
    };
  }

  private ObjectNode object(JsonParser parser) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String pointer = parser.streamReadContext().pathAsPointer().toString();
      parser.nextToken();
      if (object.replace(key, value(parser)) != null) {
        fail(
            Rule.DUPLICATE_KEY,
            "has the key " + Printable.quoted(pointer) + " twice; keep one of them");
      }
    }
    return object;
  }

  private ArrayNode array(JsonParser parser) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private JsonNode decimal(JsonParser parser) {
    BigDecimal number = parser.getDecimalValue();
    if (Math.abs((long) number.scale()) > MAX_EXPONENT) {
      String pointer = parser.streamReadContext().pathAsPointer().toString();
      fail(
          Rule.JSON,
          "has a number with an exponent beyond 1000 at "
              + Printable.quoted(pointer)
              + "; send it as a string");
      return NODES.nullNode();
    }
    return NODES.numberNode(number);
  }

  private void fail(Rule rule, String message) {
    faults.add(new Fault(rule, message));
  }

  private static String at(TokenStreamLocation location) {
    return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private static String advice(String text) {
    String start = text.stripLeading();
    if (start.startsWith("{'") || start.startsWith("'") || start.startsWith("[b'")) {
      return "put keys and strings in double quotes, as Python's json.dumps does";
    }
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return "begin it with { and end it with }";
    }
    return "look for a missing quote, comma, colon or bracket there";
  }
}
