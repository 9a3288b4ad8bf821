package org.nethserver.events.agent.catalog;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.JDKRegularExpressionFactory;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.nethserver.events.agent.json.Violation;
import org.nethserver.events.agent.text.Printable;
import tools.jackson.databind.JsonNode;

/** The validator behind one event's payload schema. It never fetches anything. */
final class PayloadSchema {
  private static final String META = "https://json-schema.org/draft/2020-12/schema";

  private final Schema schema;
  private final Violation violation;

  private PayloadSchema(Schema schema, Violation violation) {
    this.schema = schema;
    this.violation = violation;
  }

  /** Compiles an event's schema. */
  static PayloadSchema of(CatalogEvent event) {
    return new PayloadSchema(
        registry(new ArrayList<>()).getSchema(event.payload()),
        new Violation(event.payload(), "the payload"));
  }

  /** Says what is wrong with an event's own schema, if anything is. */
  static Optional<String> fault(CatalogEvent event) {
    List<String> badPatterns = new ArrayList<>();
    SchemaRegistry registry = registry(badPatterns);
    Schema meta = registry.getSchema(SchemaLocation.of(META));
    Violation violation = new Violation(event.payload(), "the schema");
    List<String> faults = new PayloadSchema(meta, violation).violations(event.payload());
    if (!faults.isEmpty()) {
      return Optional.of(faults.getFirst());
    }
    try {
      registry.getSchema(event.payload()).initializeValidators();
    } catch (SchemaException e) {
      return Optional.of(Printable.brief(String.valueOf(e.getMessage())));
    }
    return badPatterns.stream().findFirst();
  }

  /** Returns one sentence for each way in which the payload breaks the schema. */
  List<String> violations(JsonNode payload) {
    return violation.describe(schema.validate(payload));
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
      return JDKRegularExpressionFactory.getInstance().getRegularExpression(pattern);
    } catch (PatternSyntaxException e) {
      badPatterns.add(
          "the pattern " + Printable.quoted(pattern) + " is wrong: " + e.getDescription());
      return _ -> false;
    }
  }
}
