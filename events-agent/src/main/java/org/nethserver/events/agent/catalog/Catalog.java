package org.nethserver.events.agent.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nethserver.events.agent.catalog.CatalogFile.BadCatalogFileException;
import org.nethserver.events.agent.json.PayloadSchema;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;

/**
 * The events that are known: the well-known ones of NethServer 8, and those of further catalogue
 * files. Immutable. Payload schemas are not compiled before one is needed.
 */
public final class Catalog {
  static final String BUILT_IN = "built in";

  private static final String RESOURCE = "catalog.json";
  private static final String SCHEMA_RESOURCE = "catalog.schema.json";

  private final Map<String, CatalogEvent> events;
  private final List<String> problems;

  private Catalog(Map<String, CatalogEvent> events, List<String> problems) {
    this.events = Collections.unmodifiableMap(events);
    this.problems = List.copyOf(problems);
  }

  /** Returns the well-known events alone. */
  public static Catalog wellKnown() {
    return load(List.of());
  }

  /**
   * Returns the well-known events and those of the files {@code *.json} of some directories, in
   * order of directories and, within one, by the bytes of the file names. An event of a later file
   * replaces one of the same name. A file that cannot be used is left out, whole, and told by
   * {@link #problems}.
   *
   * @param directories where to look; sub-directories, names that begin with a dot, and {@code
   *     *.schema.json} are passed over
   */
  public static Catalog load(List<Path> directories) {
    Map<String, CatalogEvent> events = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    add(builtIn(), events);
    for (Path directory : directories) {
      for (Path file : files(directory, problems)) {
        try {
          add(read(file), events);
        } catch (BadCatalogFileException e) {
          problems.add(Objects.requireNonNull(e.getMessage()));
        }
      }
    }
    return new Catalog(events, problems);
  }

  /** Returns one sentence for each file or directory that could not be used. */
  public List<String> problems() {
    return problems;
  }

  /**
   * Returns the names most like one that is not here: three at most, the nearest first.
   *
   * @param name any text
   */
  public List<String> nearest(String name) {
    return NearestNames.of(name, events.keySet());
  }

  /** Returns all names, the four of NS8's Events page first. */
  public Collection<String> names() {
    return events.keySet();
  }

  /** Returns the names of events whose payloads hold secrets. */
  public Set<String> sensitive() {
    return events.values().stream()
        .filter(CatalogEvent::sensitive)
        .map(event -> event.name().text())
        .collect(Collectors.toSet());
  }

  Optional<CatalogEvent> find(String name) {
    return Optional.ofNullable(events.get(name));
  }

  Collection<CatalogEvent> events() {
    return events.values();
  }

  /** Returns the text of the JSON Schema of catalogue files. */
  static String fileSchema() {
    try (InputStream schema = resource(SCHEMA_RESOURCE)) {
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<CatalogEvent> builtIn() {
    try (InputStream content = resource(RESOURCE)) {
      return CatalogFile.read(BUILT_IN, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BadCatalogFileException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(Catalog.class.getResourceAsStream(name), name);
  }

  private static List<CatalogEvent> read(Path file) throws BadCatalogFileException {
    String origin = file.toString();
    List<CatalogEvent> events;
    try (InputStream content = Files.newInputStream(file)) {
      events = CatalogFile.read(origin, content);
    } catch (IOException e) {
      throw new BadCatalogFileException(origin, "cannot be read (" + reason(e) + ")");
    }
    for (CatalogEvent event : events) {
      Optional<String> fault = PayloadSchema.fault(event.payload());
      if (fault.isPresent()) {
        throw new BadCatalogFileException(
            origin, "has no valid payload schema for \"" + event.name() + "\": " + fault.get());
      }
    }
    return events;
  }

  private static List<Path> files(Path directory, List<String> problems) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        boolean isCatalogue =
            name.endsWith(".json") && !name.endsWith(".schema.json") && !name.startsWith(".");
        if (isCatalogue && !Files.isDirectory(entry)) {
          files.add(entry);
        }
      }
    } catch (IOException e) {
      problems.add(
          "catalogue directory "
              + Printable.quoted(directory.toString())
              + " cannot be read ("
              + reason(e)
              + ")");
    }
    // UnixPath compares the bytes of the names.
    Collections.sort(files);
    return files;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "it does not exist";
      case java.nio.file.NotDirectoryException _ -> "it is no directory";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> Printable.brief(String.valueOf(e.getMessage()));
    };
  }

  private static void add(List<CatalogEvent> more, Map<String, CatalogEvent> events) {
    for (CatalogEvent event : more) {
      events.put(event.name().text(), event);
    }
  }
}
