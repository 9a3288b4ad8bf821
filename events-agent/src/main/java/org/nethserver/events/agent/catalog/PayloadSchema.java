package org.nethserver.events.agent.catalog;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
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
        registry().getSchema(event.payload()), new Violation(event.payload(), "the payload"));
  }

  /** Says what is wrong with an event's own schema, if anything is. */
  static Optional<String> fault(CatalogEvent event) {
    SchemaRegistry registry = registry();
    Schema meta = registry.getSchema(SchemaLocation.of(META));
    Violation violation = new Violation(event.payload(), "the schema");
    List<String> faults = new PayloadSchema(meta, violation).violations(event.payload());
    if (!faults.isEmpty()) {
      return Optional.of(faults.getFirst());
    }
    try {
      registry.getSchema(event.payload()).initializeValidators();
      return Optional.empty();
    } catch (SchemaException | PatternSyntaxException e) {
      String message = String.valueOf(e.getMessage());
      return Optional.of(Printable.plain(message.lines().findFirst().orElse(message)));
    }
  }

  /** Returns one sentence for each way in which the payload breaks the schema. */
  List<String> violations(JsonNode payload) {
    return violation.describe(schema.validate(payload));
  }

  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }
}
