package org.nethserver.events.agent.settings;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.json.Violation;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;
import tools.jackson.databind.JsonNode;

/** The form of the files, by the JSON Schema that is written down for editors too. */
public final class AgentSchema {
  private static final String RESOURCE = "agents.schema.json";
  private static final String AGENT_KEYS = "/$defs/agent/properties";

  private final JsonNode root = JsonText.read(ByteBuffer.wrap(bytes())).root().orElseThrow();
  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);

  AgentSchema() {}

  /** Returns the schema's text. */
  public static String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes() {
    try (InputStream in =
        Objects.requireNonNull(AgentSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the keys that an agent may have. */
  Set<String> keys() {
    return new TreeSet<>(root.at(AGENT_KEYS).propertyNames());
  }

  /** Returns what of the file breaks the form. */
  List<Problem> problems(Path file, JsonNode content) {
    List<Problem> problems = new ArrayList<>();
    for (Error error : schema.validate(content)) {
      problems.add(problem(file, error));
    }
    return problems;
  }

  private Problem problem(Path file, Error error) {
    String pointer = error.getInstanceLocation().toString();
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          new Problem(file, pointer, unknownKey(pointer, String.valueOf(error.getProperty())));
      case "pattern" -> new Problem(file, pointer, "is wrong: give " + meaning(pointer));
      default -> new Problem(file, "", String.join("; ", sentences(error)));
    };
  }

  private List<String> sentences(Error error) {
    return new Violation(root, "the file").describe(List.of(error));
  }

  private String unknownKey(String pointer, String key) {
    JsonNode known = root.at(pointer.isEmpty() ? "/properties" : AGENT_KEYS);
    List<String> nearest = NearestNames.of(key, known.propertyNames());
    return "has the unknown key "
        + Printable.quoted(key)
        + (nearest.isEmpty()
            ? "; leave it out: known are " + String.join(", ", known.propertyNames())
            : "; did you mean \"" + nearest.getFirst() + "\"?");
  }

  /** Says what belongs where the pointer leads: an agent's key, or an item of its list. */
  private String meaning(String pointer) {
    String[] parts = pointer.split("/", -1);
    String key = parts.length > 3 ? parts[3] : "";
    return root.at(AGENT_KEYS + "/" + key + "/description").asString("another value");
  }
}
