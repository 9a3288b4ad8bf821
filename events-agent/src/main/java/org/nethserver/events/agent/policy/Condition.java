package org.nethserver.events.agent.policy;

import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Variables;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * What must be at a place of the payload.
 *
 * @param place where
 * @param expected a scalar; a text that begins with {@code $} names a variable
 */
record Condition(JsonPointer place, JsonNode expected) {
  private static final String VARIABLE = "$";
  private static final String ESCAPED = "$$";

  /** Returns the name of the variable that it compares with; empty if it does with a literal. */
  String variable() {
    String text = expected.asString("");
    return expected.isString() && text.startsWith(VARIABLE) && !text.startsWith(ESCAPED)
        ? text.substring(VARIABLE.length())
        : "";
  }

  /** Tells whether it can be asked: its variable is set, if it has one. */
  boolean isDecidable(Variables variables) {
    return variable().isEmpty() || variables.value(variable()).isPresent();
  }

  /** Tells whether it holds. */
  boolean holds(JsonNode payload, Variables variables) {
    JsonNode found = payload.at(place);
    if (!found.isValueNode()) {
      return false;
    }
    if (!variable().isEmpty()) {
      // A variable is text: 1 and "1" are the same to it.
      return variables.value(variable()).filter(found.asString("")::equals).isPresent();
    }
    if (expected.isNumber()) {
      return found.isNumber() && found.decimalValue().compareTo(expected.decimalValue()) == 0;
    }
    if (expected.isString()) {
      String text = expected.stringValue();
      String literal = text.startsWith(ESCAPED) ? text.substring(VARIABLE.length()) : text;
      return found.isString() && found.stringValue().equals(literal);
    }
    return found.equals(expected);
  }

  /** Says what it asks for, without what the payload has. */
  @Override
  public String toString() {
    return Printable.brief(place.toString())
        + " is not "
        + Printable.brief(expected.asString("null"));
  }
}
