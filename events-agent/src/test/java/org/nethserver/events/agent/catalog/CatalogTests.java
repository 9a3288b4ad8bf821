package org.nethserver.events.agent.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.json.PayloadSchema;
import tools.jackson.databind.JsonNode;

final class CatalogTests {
  private static final String MINIMAL =
      """
      {"events": [{"name": "disk-filled", "summary": "A disk is full", "sources": ["node/<n>"],
        "payload": {"type": "object", "required": ["mount"]}}]}
      """;

  static Collection<CatalogEvent> wellKnown() {
    return Catalog.wellKnown().events();
  }

  @Nested
  final class WellKnown {
    @Test
    void beginWithTheFourOfTheEventsPage() {
      assertEquals(
          List.of(
              "user-domain-changed", "account-provider-changed", "module-added", "module-removed"),
          Catalog.wellKnown().names().stream().limit(4).toList());
    }

    @Test
    void areAllThere() {
      Set<String> expected =
          Set.of(
              "account-provider-changed",
              "account-provider-credentials-updated",
              "acl-changed",
              "authentik-settings-changed",
              "backup-destination-changed",
              "backup-schedule-changed",
              "backup-status-changed",
              "certificate-changed",
              "certificate-updated",
              "default-instance-changed",
              "ejabberd-settings-changed",
              "fqdn-changed",
              "hosts-changed",
              "ldap-changed",
              "ldap-provider-changed",
              "leader-changed",
              "mail-settings-changed",
              "metrics-alert-rules-changed",
              "metrics-dashboard-changed",
              "metrics-datasource-changed",
              "metrics-target-changed",
              "module-added",
              "module-domain-changed",
              "module-removed",
              "nethvoice-proxy-settings-changed",
              "pbx-settings-changed",
              "phonebook-settings-changed",
              "service-ldap-changed",
              "service-prometheus-metrics-updated",
              "service-users-admin-changed",
              "smarthost-changed",
              "subscription-changed",
              "support-session-started",
              "support-session-stopped",
              "test",
              "user-domain-changed",
              "vpn-changed");
      assertEquals(expected, Set.copyOf(Catalog.wellKnown().names()));
      assertEquals(37, expected.size());
    }

    @Test
    void allButEightAreCurrent() {
      assertEquals(
          29,
          wellKnown().stream()
              .filter(event -> event.status() == CatalogEvent.Status.CURRENT)
              .count());
    }

    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.catalog.CatalogTests#wellKnown")
    void haveValidSchemas(CatalogEvent event) {
      assertEquals(Optional.empty(), PayloadSchema.fault(event.payload()));
    }

    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.catalog.CatalogTests#wellKnown")
    void haveExamplesThatTheirSchemaAccepts(CatalogEvent event) {
      JsonNode examples = event.payload().path("examples");
      assertFalse(examples.isEmpty(), "no example");
      for (JsonNode example : examples) {
        assertEquals(List.of(), PayloadSchema.of(event.payload()).violations(example));
      }
    }

    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.catalog.CatalogTests#wellKnown")
    void areReplacedByKnownEventsAlone(CatalogEvent event) {
      assertTrue(
          Catalog.wellKnown()
              .names()
              .containsAll(event.replacedBy().stream().map(Record::toString).toList()),
          () -> event.replacedBy().toString());
    }

    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.catalog.CatalogTests#wellKnown")
    void areInThePastTenseOrExcused(CatalogEvent event) {
      boolean isPast = PastTense.endsName(event.name().text());
      assertEquals(event.nameException().isEmpty(), isPast, event.name()::text);
    }

    @Test
    void areNotThoseOfProxiesWithALongerName() {
      CatalogEvent event = Catalog.wellKnown().find("pbx-settings-changed").orElseThrow();
      assertEquals("[module/nethvoice<n>]", event.sources().toString());
    }
  }

  @Nested
  final class FurtherFiles {
    @TempDir private Path directory;

    @Test
    void addEvents() throws IOException {
      write("mine.json", MINIMAL);
      Catalog catalog = Catalog.load(List.of(directory));
      assertEquals(List.of(), catalog.problems());
      CatalogEvent event = catalog.find("disk-filled").orElseThrow();
      assertEquals(directory.resolve("mine.json").toString(), event.origin());
      assertEquals(CatalogEvent.Status.CURRENT, event.status());
      assertEquals(38, catalog.names().size());
    }

    @Test
    void replaceEventsOfEarlierFilesAndDirectories() throws IOException {
      Path later = Files.createDirectory(directory.resolve("later"));
      write("b.json", MINIMAL.replace("A disk is full", "from b"));
      write("a.json", MINIMAL.replace("A disk is full", "from a"));
      assertEquals("from b", summary(Catalog.load(List.of(directory)), "disk-filled"));
      Files.writeString(later.resolve("a.json"), MINIMAL.replace("disk-filled", "test"), UTF_8);
      assertEquals("A disk is full", summary(Catalog.load(List.of(later)), "test"));
      Files.writeString(later.resolve("b.json"), MINIMAL, UTF_8);
      assertEquals(
          "A disk is full", summary(Catalog.load(List.of(directory, later)), "disk-filled"));
      assertEquals("from b", summary(Catalog.load(List.of(later, directory)), "disk-filled"));
    }

    @Test
    void arePassedOverWhenHiddenOrASchemaOrNotJson() throws IOException {
      write(".hidden.json", "broken");
      write("catalog.schema.json", Catalog.fileSchema());
      write("readme.txt", "broken");
      Files.createDirectory(directory.resolve("sub.json"));
      assertEquals(List.of(), Catalog.load(List.of(directory)).problems());
    }

    @Test
    void spoilNoOtherFileWhenTheyAreBad() throws IOException {
      write("bad.json", "{");
      write("good.json", MINIMAL);
      Catalog catalog = Catalog.load(List.of(directory));
      assertTrue(catalog.find("disk-filled").isPresent());
      assertEquals(
          List.of(
              "catalogue file \""
                  + directory.resolve("bad.json")
                  + "\" is not JSON: it ends too early (line 1, column 2); complete it"),
          catalog.problems());
    }

    @Test
    void ofAMissingDirectoryAreAProblem() {
      Path missing = directory.resolve("missing");
      assertEquals(
          List.of("catalogue directory \"" + missing + "\" cannot be read (it does not exist)"),
          Catalog.load(List.of(missing)).problems());
    }

    @Test
    void whoseLinkDanglesAreAProblem() throws IOException {
      Path link = directory.resolve("link.json");
      Files.createSymbolicLink(link, directory.resolve("nothing"));
      assertEquals(
          List.of("catalogue file \"" + link + "\" cannot be read (it does not exist)"),
          Catalog.load(List.of(directory)).problems());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            []                  | as a whole is no JSON object
            {}                  | as a whole lacks the key "events"
            {'events': 1}       | at /events is no JSON array
            {'events': [], 'evnets': 1} | as a whole has the unknown key "evnets"; did you mean "events"?
            {'events': [7]}     | at /events/0 is no JSON object
            {'events': [{}]}    | at /events/0 lacks the key "name"
            """)
    void areToldWhereTheyBreakTheForm(String content, String problem) throws IOException {
      assertEquals(bad(problem), problems(content.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            "disk-filled"       | "../x"        | at /events/0/name is "../x": the event name begins with "."; begin it with a letter or digit
            "A disk is full"    | ""            | at /events/0/summary is no text, or blank
            "A disk is full"    | "a\\nb"       | at /events/0/summary has a line break or another control character; write one line
            "node/<n>"          | "node/*"      | at /events/0/sources/0 is "node/*": the only placeholders are <n> for a number and <id> for any name
            "node/<n>"          | "node//x"     | at /events/0/sources/0 is "node//x": the event source has an empty segment
            "sources":          | "status": "curent", "sources": | at /events/0/status is "curent"; use one of current, deprecated, retired, unpublished, planned, documented, example
            "sources":          | "sorces": [], "sources": | at /events/0 has the unknown key "sorces"; did you mean "sources"?
            "sources":          | "listeners": [{}], "sources": | at /events/0/listeners/0 lacks the key "repository"
            "type": "object"    | "type": "objekt" | has no valid payload schema for "disk-filled": /type must be one of "array", "boolean", "integer", "null", "number", "object", "string", or: /type is a string; send an array
            "type": "object"    | "pattern": "[" | has no valid payload schema for "disk-filled": the pattern "[" is wrong: Unclosed character class
            "type": "object"    | "$ref": "#/none" | has no valid payload schema for "disk-filled": Reference /none cannot be resolved
            """)
    void areToldWhichValueIsWrong(String was, String is, String problem) throws IOException {
      assertEquals(bad(problem), problems(MINIMAL.replace(was, is)));
    }

    @Test
    void mayNotDescribeAnEventTwice() throws IOException {
      String event = MINIMAL.substring(MINIMAL.indexOf('[') + 1, MINIMAL.lastIndexOf(']'));
      assertEquals(
          bad("at /events/1 describes \"disk-filled\" a second time; keep one of them"),
          problems("{\"events\": [" + event + "," + event + "]}"));
    }

    @Test
    void fetchNoSchemaFromElsewhere() throws IOException {
      String remote =
          MINIMAL.replace("\"type\": \"object\"", "\"$ref\": \"https://example.org/x\"");
      List<String> problems = problems(remote);
      assertEquals(1, problems.size(), problems::toString);
      assertTrue(problems.getFirst().contains("https://example.org/x"), problems::toString);
    }

    private void write(String name, String content) throws IOException {
      Files.writeString(directory.resolve(name), content, UTF_8);
    }

    private List<String> problems(String content) throws IOException {
      write("file.json", content);
      return Catalog.load(List.of(directory)).problems();
    }

    private List<String> bad(String problem) {
      return List.of("catalogue file \"" + directory.resolve("file.json") + "\" " + problem);
    }

    private static String summary(Catalog catalog, String name) {
      return catalog.find(name).orElseThrow().summary();
    }
  }

  @Nested
  final class FileSchema {
    private final Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(json(Catalog.fileSchema()));

    @Test
    void acceptsTheWellKnownEvents() {
      JsonNode file = CatalogJson.file(wellKnown());
      assertEquals(List.of(), schema.validate(file));
    }

    @Test
    void acceptsTheLeastThatAFileNeeds() {
      assertEquals(List.of(), schema.validate(json(MINIMAL)));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            "events"            | "evnets"
            "disk-filled"       | "../x"
            "disk-filled"       | "-x"
            "A disk is full"    | " "
            "A disk is full"    | "a\\nb"
            "node/<n>"          | "node/*"
            "node/<n>"          | "node/.."
            "node/<n>"          | "node//x"
            "sources":          | "status": "curent", "sources":
            "sources":          | "sorces": [], "sources":
            "sources":          | "listeners": [{}], "sources":
            "type": "object"    | "type": "objekt"
            """)
    void refusesWhatTheReaderRefuses(String was, String is) throws IOException {
      String content = MINIMAL.replace(was, is);
      assertFalse(schema.validate(json(content)).isEmpty(), content);
      List<String> problems = new ArrayList<>();
      try {
        for (CatalogEvent event :
            CatalogFile.read("x", new java.io.ByteArrayInputStream(content.getBytes(UTF_8)))) {
          PayloadSchema.fault(event.payload()).ifPresent(problems::add);
        }
      } catch (CatalogFile.BadCatalogFileException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
      assertEquals(1, problems.size(), content);
    }
  }

  private static JsonNode json(String text) {
    return JsonText.read(ByteBuffer.wrap(text.getBytes(UTF_8))).root().orElseThrow();
  }
}
