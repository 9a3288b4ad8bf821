package org.nethserver.events.agent.json;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.nethserver.events.agent.text.Printable;
import tools.jackson.databind.JsonNode;

/** The validator behind one event's payload schema. It never fetches anything. */
public final class PayloadSchema {
  private static final String META = "https://json-schema.org/draft/2020-12/schema";

  private final Schema schema;
  private final Violation violation;

  private PayloadSchema(Schema schema, Violation violation) {
    this.schema = schema;
    this.violation = violation;
  }

  /** Compiles a schema in which {@link #fault} finds none. */
  public static PayloadSchema of(JsonNode schema) {
    return new PayloadSchema(
        registry(new ArrayList<>()).getSchema(schema), new Violation(schema, "the payload"));
  }

  /** Says what is wrong with a schema, if anything is. */
  public static Optional<String> fault(JsonNode schema) {
    List<String> badPatterns = new ArrayList<>();
    SchemaRegistry registry = registry(badPatterns);
    Schema meta = registry.getSchema(SchemaLocation.of(META));
    Violation violation = new Violation(schema, "the schema");
    List<String> faults = new PayloadSchema(meta, violation).violations(schema);
    if (!faults.isEmpty()) {
      return Optional.of(faults.getFirst());
    }
    try {
      registry.getSchema(schema).initializeValidators();
    } catch (SchemaException e) {
      return Optional.of(Printable.brief(String.valueOf(e.getMessage())));
    }
    return badPatterns.stream().findFirst();
  }

  /** Returns one sentence for each way in which the payload breaks the schema. */
  public List<String> violations(JsonNode payload) {
    try {
      return violation.describe(schema.validate(payload));
    } catch (PayloadPattern.TooSlowException e) {
      return List.of(e.sentence());
    }
  }

  private static SchemaRegistry registry(List<String> badPatterns) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .regularExpressionFactory(pattern -> compile(pattern, badPatterns))
            .build();
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(config));
  }

  /** Notes a bad pattern instead of throwing: the validator would also log it. */
  private static RegularExpression compile(String pattern, List<String> badPatterns) {
    try {
      return new PayloadPattern(pattern)::matches;
    } catch (PatternSyntaxException e) {
      badPatterns.add(
          "the pattern " + Printable.quoted(pattern) + " is wrong: " + e.getDescription());
      return _ -> false;
    }
  }
}
