package org.nethserver.events.agent.catalog;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.nethserver.events.agent.catalog.CatalogEvent.Encoding;
import org.nethserver.events.agent.catalog.CatalogEvent.Party;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.agent.text.Printable;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

/** Shows the catalogue to people: a table of all events, or one in detail. */
final class CatalogPage {
  private static final int WIDTH = 80;

  private final PrintWriter out;
  private final Ansi ansi;

  CatalogPage(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  void table(Collection<CatalogEvent> events) {
    int names = widest(events, event -> event.name().text());
    int statuses = widest(events, event -> event.status().word());
    String format = "%-" + names + "s  %-" + statuses + "s  ";
    out.println(style("bold", String.format(format, "EVENT", "STATUS") + "WHAT IT TELLS"));
    for (CatalogEvent event : events) {
      out.printf(format, event.name(), event.status().word());
      out.println(event.summary());
    }
  }

  void details(CatalogEvent event) {
    out.println(style("bold", event.name().text()));
    wrap("", event.summary() + ".");
    if (!event.description().isEmpty()) {
      wrap("", event.description());
    }
    section("Status", List.of(event.status().word() + ": " + event.status().meaning()));
    section("Use instead", texts(event.replacedBy()));
    section("Sources", texts(event.sources()));
    payload(event);
    section("Known faults", event.faults());
    section("Notes", event.notes());
    section("Published by", event.publishers().stream().map(CatalogPage::party).toList());
    section("Listened to by", event.listeners().stream().map(CatalogPage::party).toList());
    section("Described in", List.of(Printable.brief(event.origin())));
  }

  private void payload(CatalogEvent event) {
    List<String> lines = new ArrayList<>();
    boolean isText = event.encoding() == Encoding.TEXT;
    lines.add(isText ? "bare text, not JSON" : "a JSON object");
    JsonNode properties = event.payload().path("properties");
    List<String> required =
        StreamSupport.stream(event.payload().path("required").spliterator(), false)
            .map(JsonNode::asString)
            .toList();
    properties.forEachEntry(
        (key, schema) ->
            lines.add(
                Printable.brief(key)
                    + " ("
                    + type(schema)
                    + (required.contains(key) ? ", required)" : ")")
                    + describe(schema)));
    for (JsonNode example : event.payload().path("examples")) {
      lines.add("as in " + (isText ? example.asString() : JsonLayout.line(example)));
    }
    section("Payload", lines);
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return String.join(
          " or ", StreamSupport.stream(type.spliterator(), false).map(JsonNode::asString).toList());
    }
    String items = schema.path("items").path("type").asString("");
    if (!items.isEmpty()) {
      return "array of " + items + "s";
    }
    return type.asString(
        schema.has("enum") ? "one of " + JsonLayout.line(schema.path("enum")) : "any value");
  }

  private static String describe(JsonNode schema) {
    String description = schema.path("description").asString("");
    return description.isEmpty() ? "" : ": " + description;
  }

  private static String party(Party party) {
    String files = party.files().isEmpty() ? "" : ": " + String.join(", ", party.files());
    String note = party.note().isEmpty() ? "" : " (" + party.note() + ")";
    return party.repository() + files + note;
  }

  private void section(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    out.println();
    out.println(style("bold", title));
    lines.forEach(line -> wrap("  ", line));
  }

  /** Breaks a text into lines, all but the first indented once more. */
  private void wrap(String indent, String text) {
    StringBuilder line = new StringBuilder(indent);
    boolean isEmpty = true;
    for (String word : text.split(" ")) {
      if (!isEmpty && line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line.setLength(0);
        line.append(indent).append(indent);
        isEmpty = true;
      }
      line.append(isEmpty ? "" : " ").append(Printable.text(word));
      isEmpty = false;
    }
    out.println(line);
  }

  private static List<String> texts(List<?> items) {
    return items.stream().map(Object::toString).toList();
  }

  private static int widest(Collection<CatalogEvent> events, Function<CatalogEvent, String> cell) {
    return events.stream().map(cell).mapToInt(String::length).max().orElse(0);
  }

  private String style(String style, String text) {
    return ansi.string("@|" + style + " " + text + "|@");
  }
}
