package org.nethserver.events.agent.policy;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.json.Violation;
import org.nethserver.events.agent.plugins.Glob;
import org.nethserver.events.agent.run.Policy;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Payload;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Reads {@code handler.json}, by the JSON Schema that is written down for editors too. */
public final class RulesReader {
  private static final String RESOURCE = "handler.schema.json";
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration MAX_DELAY = Duration.ofMinutes(5);
  private static final int TEMPORARY = 75;
  private static final int WINDOWS = 10;

  private final JsonNode root = JsonText.read(ByteBuffer.wrap(bytes())).root().orElseThrow();
  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);

  RulesReader() {}

  /** Returns the schema's text. */
  public static String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes() {
    try (InputStream in =
        Objects.requireNonNull(RulesReader.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException if it is wrong; the message says what is, and what to do
   */
  Rules read(Payload content) {
    JsonText.Reading reading = JsonText.read(content.buffer());
    if (!reading.faults().isEmpty()) {
      throw new IllegalArgumentException(reading.faults().getFirst().message());
    }
    JsonNode file = reading.root().orElseThrow();
    List<Error> errors = schema.validate(file);
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(sentence(errors.getFirst()));
    }
    return rules(file);
  }

  private String sentence(Error error) {
    String where = error.getInstanceLocation().toString();
    return switch (error.getKeyword()) {
      case "additionalProperties" -> unknownKey(where, String.valueOf(error.getProperty()));
      case "not" -> "has both a lane and an ordering; leave one out";
      case "pattern" ->
          Printable.brief(where)
              + (where.contains("/key/")
                  ? " is no JSON Pointer; one looks like /node_id"
                  : " is no duration; one looks like 500ms, 10s or 1h30m");
      case "propertyNames" -> where + " has a key that is no JSON Pointer; one looks like /node_id";
      default -> new Violation(root, "the file").describe(List.of(error)).getFirst();
    };
  }

  private String unknownKey(String where, String key) {
    JsonNode known = root.at("/properties" + (where.isEmpty() ? "" : where + "/properties"));
    List<String> nearest = NearestNames.of(key, known.propertyNames());
    return (where.isEmpty() ? "" : where + " ")
        + "has the unknown key "
        + Printable.quoted(key)
        + (nearest.isEmpty()
            ? "; known are " + String.join(", ", known.propertyNames())
            : "; did you mean \"" + nearest.getFirst() + "\"?");
  }

  private static Rules rules(JsonNode file) {
    List<Glob> sources = new ArrayList<>();
    file.path("sources").forEach(glob -> sources.add(new Glob(glob.stringValue())));
    List<Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : file.path("when").properties()) {
      conditions.add(new Condition(JsonPointer.compile(each.getKey()), each.getValue()));
    }
    List<JsonPointer> key = new ArrayList<>();
    file.at("/coalesce/key").forEach(place -> key.add(JsonPointer.compile(place.stringValue())));
    return new Rules(
        sources,
        conditions,
        key,
        file.path("invalidInput").asString("").equals("reject"),
        policy(file));
  }

  private static Policy policy(JsonNode file) {
    JsonNode max = file.path("maxConcurrent");
    return new Policy(
        Optional.of(file.path("coalesce")).filter(JsonNode::isObject).map(RulesReader::coalesce),
        lane(file),
        max.isNumber() ? OptionalInt.of(max.intValue()) : OptionalInt.empty(),
        duration(file, "timeout"),
        Optional.of(file.path("retry")).filter(JsonNode::isObject).map(RulesReader::retry));
  }

  private static Policy.Coalesce coalesce(JsonNode node) {
    Duration window = duration(node, "window").orElseThrow();
    return new Policy.Coalesce(
        window, duration(node, "atMost").orElse(window.multipliedBy(WINDOWS)));
  }

  private static Optional<Policy.Lane> lane(JsonNode file) {
    if (file.path("lane").isString()) {
      return Optional.of(new Policy.Lane.Named(file.path("lane").stringValue()));
    }
    return switch (file.path("ordering").asString("")) {
      case "channel" -> Optional.of(new Policy.Lane.OfChannel());
      case "none" -> Optional.of(new Policy.Lane.Free());
      default -> Optional.empty();
    };
  }

  private static Policy.Retry retry(JsonNode node) {
    Optional<Set<Integer>> codes = Optional.of(Set.of(TEMPORARY));
    JsonNode given = node.path("exitCodes");
    if (given.isArray()) {
      Set<Integer> listed = new HashSet<>();
      given.forEach(code -> listed.add(code.intValue()));
      codes = Optional.of(listed);
    } else if (given.isString()) {
      codes = Optional.empty();
    }
    return new Policy.Retry(
        node.path("attempts").intValue(),
        duration(node, "delay").orElse(DELAY),
        duration(node, "maxDelay").orElse(MAX_DELAY),
        codes);
  }

  private static Optional<Duration> duration(JsonNode node, String key) {
    JsonNode value = node.path(key);
    try {
      return value.isString()
          ? Optional.of(Amounts.duration(value.stringValue()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("/" + key + ": " + e.getMessage(), e);
    }
  }
}
