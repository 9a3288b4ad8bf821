package org.nethserver.events.agent.json;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.nethserver.events.agent.text.Printable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Puts the validator's errors into sentences that say what to change. Values of the checked
 * document are never part of them: they may be secrets. Values of the schema are.
 */
public final class Violation {
  private final JsonNode schema;
  private final String document;

  /**
   * Describes errors against one schema.
   *
   * @param schema the schema's root
   * @param document what to call the checked document: {@code the payload}
   */
  public Violation(JsonNode schema, String document) {
    this.schema = schema;
    this.document = document;
  }

  /** Returns one sentence for each fault; those of alternatives become one. */
  public List<String> describe(List<Error> errors) {
    List<String> sentences = new ArrayList<>();
    Map<String, Set<String>> alternatives = new LinkedHashMap<>();
    for (Error error : errors) {
      int choice = alternative(error);
      if (choice < 0) {
        sentences.add(sentence(error));
      } else {
        String path = error.getEvaluationPath().toString().substring(0, choice);
        alternatives.computeIfAbsent(path, _ -> new LinkedHashSet<>()).add(sentence(error));
      }
    }
    alternatives.values().forEach(each -> sentences.add(String.join(", or: ", each)));
    return sentences.stream().distinct().toList();
  }

  /** Returns where the path of an error enters one of several alternatives, or -1. */
  private static int alternative(Error error) {
    String path = error.getEvaluationPath().toString();
    int any = path.indexOf("/anyOf/");
    return any >= 0 ? any : path.indexOf("/oneOf/");
  }

  private String sentence(Error error) {
    JsonNode limit = error.getSchemaNode();
    String where = where(error);
    return switch (error.getKeyword()) {
      case "required" -> missing(error);
      case "type" -> where + " is " + found(error) + "; send " + expected(limit) + quotes(error);
      case "const" -> where + " must be " + values(limit);
      case "enum" -> where + " must be one of " + values(limit);
      case "pattern" -> where + " must match the pattern " + values(limit);
      case "format" -> where + " must have the format " + values(limit);
      case "minimum" -> where + " must be at least " + values(limit);
      case "maximum" -> where + " must be at most " + values(limit);
      case "exclusiveMinimum" -> where + " must be more than " + values(limit);
      case "exclusiveMaximum" -> where + " must be less than " + values(limit);
      case "multipleOf" -> where + " must be a multiple of " + values(limit);
      case "minItems" -> where + " must have at least " + count(limit, "item");
      case "maxItems" -> where + " must have at most " + count(limit, "item");
      case "minLength" -> where + " must have at least " + count(limit, "character");
      case "maxLength" -> where + " must have at most " + count(limit, "character");
      case "minProperties" -> where + " must have at least " + count(limit, "key");
      case "maxProperties" -> where + " must have at most " + count(limit, "key");
      case "uniqueItems" -> where + " has an item twice; send each once";
      case "additionalProperties", "unevaluatedProperties", "propertyNames" ->
          where + " may not have the key " + key(error) + "; leave it out";
      case "dependentRequired" -> where + " lacks a key that its key " + key(error) + " asks for";
      case "false" -> where + " may not be there; leave it out";
      default -> where + " breaks the rule \"" + error.getKeyword() + "\" of the schema";
    };
  }

  private String missing(Error error) {
    String name = String.valueOf(error.getProperty());
    String hint = "";
    String rule = String.valueOf(error.getSchemaLocation().getFragment());
    if (rule.endsWith("/required") && schema.isObject()) {
      String parent = rule.substring(0, rule.length() - "/required".length());
      JsonNode property = schema.at(JsonPointer.compile(parent)).path("properties").path(name);
      JsonNode type = property.path("type");
      JsonNode description = property.path("description");
      hint = type.isMissingNode() ? "" : ", " + expected(type);
      hint += description.isString() ? " (" + Printable.brief(description.stringValue()) + ")" : "";
    }
    return where(error) + " lacks the key " + Printable.quoted(name) + "; add it" + hint;
  }

  private String where(Error error) {
    String pointer = error.getInstanceLocation().toString();
    return pointer.isEmpty() ? document : Printable.brief(pointer);
  }

  private static String found(Error error) {
    Object[] arguments = error.getArguments();
    return arguments == null || arguments.length == 0
        ? "of another type"
        : article(String.valueOf(arguments[0]));
  }

  private static String expected(JsonNode type) {
    if (type.isString()) {
      return article(type.stringValue());
    }
    return String.join(
        " or ",
        StreamSupport.stream(type.spliterator(), false)
            .map(each -> article(each.asString()))
            .toList());
  }

  private static String quotes(Error error) {
    String expected = error.getSchemaNode().asString("");
    JsonNode value = error.getInstanceNode();
    if (value == null) {
      return "";
    }
    if (expected.equals("string") && value.isNumber()) {
      return ": put the number in quotes";
    }
    boolean isNumeric = expected.equals("integer") || expected.equals("number");
    return isNumeric && value.isString() ? ": take the quotes away" : "";
  }

  private static String article(String type) {
    return switch (type) {
      case "null" -> "null";
      case "array", "integer", "object" -> "an " + type;
      default -> "a " + type;
    };
  }

  private static String key(Error error) {
    return Printable.quoted(
        String.valueOf(error.getProperty() != null ? error.getProperty() : first(error)));
  }

  private static Object first(Error error) {
    Object[] arguments = error.getArguments();
    return arguments == null || arguments.length == 0 ? "" : arguments[0];
  }

  private static String values(JsonNode limit) {
    if (limit.isArray()) {
      return String.join(
          ", ", StreamSupport.stream(limit.spliterator(), false).map(Violation::values).toList());
    }
    return limit.isString()
        ? Printable.quoted(limit.stringValue())
        : Printable.brief(JsonLayout.line(limit));
  }

  private static String count(JsonNode limit, String noun) {
    return JsonLayout.line(limit) + " " + noun + (limit.asInt(0) == 1 ? "" : "s");
  }
}
