package org.nethserver.events.agent.json;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;

/**
 * Writes JSON: on one line, or indented. A node's own {@code toString} would make an object mapper,
 * which takes longer than all else that the commands do.
 */
public final class JsonLayout {
  private final StringBuilder text = new StringBuilder();
  private final boolean isIndented;

  private JsonLayout(boolean isIndented) {
    this.isIndented = isIndented;
  }

  /** Writes it on one line. */
  public static String line(JsonNode node) {
    return new JsonLayout(false).write(node, "\n");
  }

  /** Writes it on many lines. */
  public static String indented(JsonNode node) {
    return new JsonLayout(true).write(node, "\n");
  }

  private String write(JsonNode node, String newline) {
    append(node, newline);
    return text.toString();
  }

  private void append(JsonNode node, String newline) {
    String inner = newline + "  ";
    if (node.isObject()) {
      Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
      text.append('{');
      while (entries.hasNext()) {
        Map.Entry<String, JsonNode> entry = entries.next();
        begin(inner);
        quote(entry.getKey());
        text.append(isIndented ? ": " : ":");
        append(entry.getValue(), inner);
        text.append(entries.hasNext() ? "," : "");
      }
      end(node, newline);
      text.append('}');
    } else if (node.isArray()) {
      Iterator<JsonNode> items = node.iterator();
      text.append('[');
      while (items.hasNext()) {
        begin(inner);
        append(items.next(), inner);
        text.append(items.hasNext() ? "," : "");
      }
      end(node, newline);
      text.append(']');
    } else if (node.isString()) {
      quote(node.stringValue());
    } else {
      // Numbers, true, false; null has no text of its own.
      text.append(node.isNull() ? "null" : node.asString());
    }
  }

  private void begin(String newline) {
    text.append(isIndented ? newline : "");
  }

  private void end(JsonNode node, String newline) {
    text.append(isIndented && !node.isEmpty() ? newline : "");
  }

  private void quote(String value) {
    text.append('"');
    text.append(JsonStringEncoder.getInstance().quoteAsCharArray(value));
    text.append('"');
  }
}
