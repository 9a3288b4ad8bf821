package org.nethserver.events.agent.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.nethserver.events.agent.catalog.CatalogEvent.Encoding;
import org.nethserver.events.agent.catalog.CatalogEvent.Party;
import org.nethserver.events.agent.catalog.CatalogEvent.Status;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.EventName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one catalogue file. Its form is written down for editors in {@code catalog.schema.json};
 * the checks here are the same, with better words and without the cost of a validator.
 */
final class CatalogFile {
  private static final int MAX_BYTES = 4 << 20;

  private static final Set<String> FILE_KEYS = Set.of("$schema", "title", "events");
  private static final Set<String> EVENT_KEYS =
      Set.of(
          "name",
          "status",
          "summary",
          "description",
          "replacedBy",
          "nameException",
          "sources",
          "encoding",
          "payload",
          "sensitive",
          "publishers",
          "listeners",
          "faults",
          "notes");
  private static final Set<String> PARTY_KEYS = Set.of("repository", "files", "note");

  private final String origin;

  private CatalogFile(String origin) {
    this.origin = origin;
  }

  /** A file that cannot be used. The message is one sentence that names it. */
  static final class BadCatalogFileException extends Exception {
    private static final long serialVersionUID = 1L;

    BadCatalogFileException(String origin, String problem) {
      super("catalogue file " + Printable.quoted(origin) + " " + problem);
    }
  }

  /**
   * Reads all events of a file.
   *
   * @param origin what to call the file
   * @param content its bytes; left open
   * @throws BadCatalogFileException if it breaks the form; nothing of it counts then
   */
  static List<CatalogEvent> read(String origin, InputStream content)
      throws BadCatalogFileException, IOException {
    byte[] bytes = content.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new BadCatalogFileException(origin, "is larger than 4 MiB; split it");
    }
    return new CatalogFile(origin).events(ByteBuffer.wrap(bytes));
  }

  private List<CatalogEvent> events(ByteBuffer bytes) throws BadCatalogFileException {
    JsonText.Reading reading = JsonText.read(bytes);
    if (!reading.faults().isEmpty()) {
      throw new BadCatalogFileException(origin, reading.faults().getFirst().message());
    }
    Part file = new Part("", reading.root().orElseThrow());
    file.onlyKeys(FILE_KEYS);
    List<CatalogEvent> events = new ArrayList<>();
    Set<EventName> names = new HashSet<>();
    for (Part part : file.required("events").items()) {
      CatalogEvent event = event(part);
      if (!names.add(event.name())) {
        throw part.problem("describes \"" + event.name() + "\" a second time; keep one of them");
      }
      events.add(event);
    }
    return events;
  }

  private CatalogEvent event(Part part) throws BadCatalogFileException {
    part.onlyKeys(EVENT_KEYS);
    return new CatalogEvent(
        part.required("name").as(EventName::new),
        word(part, "status", Status.values(), Status::word, Status.CURRENT),
        part.required("summary").line(),
        part.optionalLine("description"),
        part.list("replacedBy", name -> name.as(EventName::new)),
        part.has("nameException")
            ? Optional.of(part.required("nameException").line())
            : Optional.empty(),
        part.required("sources").map(source -> source.as(SourcePattern::parse)),
        word(part, "encoding", Encoding.values(), Encoding::word, Encoding.JSON),
        part.required("payload").object(),
        part.has("sensitive") && part.required("sensitive").truth(),
        part.list("publishers", CatalogFile::party),
        part.list("listeners", CatalogFile::party),
        part.list("faults", Part::line),
        part.list("notes", Part::line),
        origin);
  }

  private static Party party(Part part) throws BadCatalogFileException {
    part.onlyKeys(PARTY_KEYS);
    return new Party(
        part.required("repository").line(),
        part.list("files", Part::line),
        part.optionalLine("note"));
  }

  private static <E> E word(
      Part part, String key, E[] values, Function<E, String> word, E otherwise)
      throws BadCatalogFileException {
    if (!part.has(key)) {
      return otherwise;
    }
    String text = part.required(key).line();
    for (E value : values) {
      if (word.apply(value).equals(text)) {
        return value;
      }
    }
    List<String> known = Arrays.stream(values).map(word).toList();
    throw part.required(key)
        .problem("is " + Printable.quoted(text) + "; use one of " + String.join(", ", known));
  }

  /** Reads one part of the file into something else. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(Part part) throws BadCatalogFileException;
  }

  /** A value of the file, and where it stands. */
  private final class Part {
    private final String pointer;
    private final JsonNode node;

    Part(String pointer, JsonNode node) {
      this.pointer = pointer;
      this.node = node;
    }

    BadCatalogFileException problem(String what) {
      String where = pointer.isEmpty() ? "as a whole" : "at " + Printable.brief(pointer);
      return new BadCatalogFileException(origin, where + " " + what);
    }

    ObjectNode object() throws BadCatalogFileException {
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw problem("is no JSON object");
    }

    void onlyKeys(Set<String> known) throws BadCatalogFileException {
      for (String key : object().propertyNames()) {
        if (!known.contains(key)) {
          List<String> nearest = NearestNames.of(key, known);
          String hint = nearest.isEmpty() ? "" : "; did you mean \"" + nearest.getFirst() + "\"?";
          throw problem("has the unknown key " + Printable.quoted(key) + hint);
        }
      }
    }

    boolean has(String key) throws BadCatalogFileException {
      return object().has(key);
    }

    Part required(String key) throws BadCatalogFileException {
      JsonNode value = object().get(key);
      if (value == null) {
        throw problem("lacks the key \"" + key + "\"");
      }
      return new Part(pointer + "/" + key, value);
    }

    String line() throws BadCatalogFileException {
      if (!node.isString() || node.stringValue().isBlank()) {
        throw problem("is no text, or blank");
      }
      String text = node.stringValue();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw problem("has a line break or another control character; write one line");
      }
      return text;
    }

    boolean truth() throws BadCatalogFileException {
      if (!node.isBoolean()) {
        throw problem("is neither true nor false");
      }
      return node.booleanValue();
    }

    String optionalLine(String key) throws BadCatalogFileException {
      return has(key) ? required(key).line() : "";
    }

    <T> T as(Function<String, T> constructor) throws BadCatalogFileException {
      String text = line();
      try {
        return constructor.apply(text);
      } catch (IllegalArgumentException e) {
        throw problem("is " + Printable.quoted(text) + ": " + e.getMessage());
      }
    }

    List<Part> items() throws BadCatalogFileException {
      if (!node.isArray()) {
        throw problem("is no JSON array");
      }
      List<Part> items = new ArrayList<>();
      for (JsonNode item : node) {
        items.add(new Part(pointer + "/" + items.size(), item));
      }
      return items;
    }

    <T> List<T> map(Reader<T> reader) throws BadCatalogFileException {
      List<T> read = new ArrayList<>();
      for (Part item : items()) {
        read.add(reader.read(item));
      }
      return read;
    }

    <T> List<T> list(String key, Reader<T> reader) throws BadCatalogFileException {
      return has(key) ? required(key).map(reader) : List.of();
    }
  }
}
