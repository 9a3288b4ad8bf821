package org.nethserver.events.agent.settings;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Sees quickly that a file keeps the form of the schema. It may be wrong in one direction alone:
 * what does not fit here is left to the schema's validator, which decides and has the words. A
 * process whose files are right never loads that: it would take a second and 15 MB.
 */
final class AgentForm {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> NEEDED = Set.of("id", "events-directories", "state-directory");

  private static final Map<String, Predicate<JsonNode>> KEYS =
      Map.ofEntries(
          Map.entry("id", node -> isText(node) && ID.matcher(node.stringValue()).matches()),
          Map.entry("events-directories", AgentForm::isListOfPaths),
          Map.entry("plugins-directories", AgentForm::isListOfPaths),
          Map.entry("state-directory", AgentForm::isPath),
          Map.entry("environment", AgentForm::areVariables),
          Map.entry("environment-files", AgentForm::isListOfPaths),
          Map.entry("user", AgentForm::isText),
          Map.entry("max-concurrency", node -> isNumber(node, 1, 10_000)),
          Map.entry("queue-events", node -> isNumber(node, 0, 1_000_000)),
          Map.entry("queue-bytes", AgentForm::isText),
          Map.entry("ordering", node -> isOneOf(node, "channel", "none")),
          Map.entry("step-timeout", AgentForm::isText),
          Map.entry("journal", JsonNode::isBoolean),
          Map.entry("history", JsonNode::isBoolean),
          Map.entry("trust", node -> isOneOf(node, "owner", "any")));

  private AgentForm() {}

  static Set<String> keys() {
    return KEYS.keySet();
  }

  static boolean fits(JsonNode root) {
    return root.isObject()
        && root.path("agents").isArray()
        && root.properties().stream()
            .allMatch(
                entry ->
                    entry.getKey().equals("agents")
                        || entry.getKey().equals("$schema") && isText(entry.getValue()))
        && allMatch(root.path("agents"), AgentForm::isAgent);
  }

  private static boolean isAgent(JsonNode agent) {
    return agent.isObject()
        && NEEDED.stream().allMatch(agent::has)
        && agent.properties().stream()
            .allMatch(
                entry -> {
                  Predicate<JsonNode> form = KEYS.get(entry.getKey());
                  return form != null && form.test(entry.getValue());
                });
  }

  private static boolean isListOfPaths(JsonNode node) {
    return node.isArray() && allMatch(node, AgentForm::isPath);
  }

  private static boolean isPath(JsonNode node) {
    return isText(node) && node.stringValue().startsWith("/");
  }

  private static boolean areVariables(JsonNode node) {
    return node.isObject()
        && node.properties().stream()
            .allMatch(
                entry -> VARIABLE.matcher(entry.getKey()).matches() && isText(entry.getValue()));
  }

  private static boolean isText(JsonNode node) {
    return node.isString();
  }

  private static boolean isNumber(JsonNode node, int least, int most) {
    return node.isIntegralNumber()
        && node.canConvertToInt()
        && node.intValue() >= least
        && node.intValue() <= most;
  }

  private static boolean isOneOf(JsonNode node, String one, String other) {
    return isText(node) && (node.stringValue().equals(one) || node.stringValue().equals(other));
  }

  private static boolean allMatch(JsonNode list, Predicate<JsonNode> form) {
    for (JsonNode item : list) {
      if (!form.test(item)) {
        return false;
      }
    }
    return true;
  }
}
