package org.nethserver.events.agent.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.command.EventsCommand;
import org.nethserver.events.agent.json.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

final class CommandsTests {
  private static final String MINE =
      """
      {"events": [{"name": "disk-filled", "summary": "A disk is full", "sources": ["node/<n>"],
        "payload": {"type": "object"}}]}
      """;

  @TempDir private Path directory;

  private record Run(int exitCode, String out, String err) {}

  @Nested
  final class CatalogCommands {
    @Test
    void listsAllEvents() {
      Run run = catalog();
      assertEquals(0, run.exitCode());
      List<String> lines = run.out().lines().toList();
      assertEquals(38, lines.size());
      assertTrue(lines.getFirst().matches("EVENT +STATUS +WHAT IT TELLS"), lines::getFirst);
      assertTrue(
          lines.get(1).matches("user-domain-changed +current +User domains became .*"), run.out());
      assertTrue(lines.stream().allMatch(line -> line.length() <= 132), run.out());
    }

    @Test
    void showsOneEventInDetail() {
      Run run = catalog("module-removed");
      assertEquals(0, run.exitCode());
      assertEquals(
          """
          module-removed
          A module instance was removed, or vanished with its node.

          Status
            current: published today

          Sources
            cluster

          Payload
            a JSON object
            module (string, required): Id of the instance that is gone
            node (integer or string, required): Node that it was on
            as in {"module":"mail1","node":1}

          Known faults
            node is an integer when a module is removed, but a string when its node is:
              compare both as text.

          Published by
            NethServer/ns8-core: cluster/actions/remove-module/50update,
              cluster/actions/remove-node/50remove_node

          Listened to by
            NethServer/ns8-dnsmasq
            NethServer/ns8-metrics
            NethServer/ns8-promtail
            NethServer/ns8-traefik

          Described in
            built in
          """,
          run.out());
    }

    @Test
    void showsEveryEventInLinesThatFitATerminal() {
      for (String name : Catalog.wellKnown().names()) {
        Run run = catalog(name);
        assertEquals(0, run.exitCode());
        assertTrue(
            run.out()
                .lines()
                .allMatch(line -> line.length() <= 80 || line.strip().indexOf(' ') < 0),
            run.out());
      }
    }

    @Test
    void printsJsonThatIsACatalogueFileAgain() throws IOException {
      Files.writeString(directory.resolve("all.json"), catalog("--json").out(), UTF_8);
      Catalog again = Catalog.load(List.of(directory));
      assertEquals(List.of(), again.problems());
      assertEquals(
          CatalogJson.file(Catalog.wellKnown().events()), CatalogJson.file(again.events()));
    }

    @Test
    void printsOneEventAsJson() {
      JsonNode event = json(catalog("--json", "acl-changed").out());
      assertEquals("acl-changed", event.path("name").asString());
      assertEquals("text", event.path("encoding").asString());
    }

    @Test
    void printsTheSchemaOfCatalogueFiles() {
      assertEquals("Catalogue of events", json(catalog("--schema").out()).path("title").asString());
    }

    @Test
    void suggestsTheNearestForAnUnknownEvent() {
      assertEquals(
          new Run(
              2,
              "",
              "the catalogue does not know the event \"module-aded\"; did you mean"
                  + " module-added?\n"),
          catalog("module-aded"));
      assertEquals(
          new Run(
              2,
              "",
              "the catalogue does not know the event \"frobnicator\";"
                  + " \"events catalog\" lists all that it knows\n"),
          catalog("frobnicator"));
    }

    @Test
    void readsFurtherFilesFromOptionOrVariable() throws IOException {
      Files.writeString(directory.resolve("mine.json"), MINE, UTF_8);
      String expected = "disk-filled +current +A disk is full";
      Run byOption = catalog("--catalog", directory.toString());
      assertTrue(byOption.out().lines().toList().getLast().matches(expected), byOption.out());
      CatalogOptions byVariable =
          new CatalogOptions(Map.of("EVENTS_CATALOG_PATH", ":" + directory + ":"));
      Run run = run(new CommandLine(new CatalogCommand(byVariable)));
      assertTrue(run.out().lines().toList().getLast().matches(expected), run.out());
    }

    @Test
    void namesABadFileAndShowsTheRest() throws IOException {
      Files.writeString(directory.resolve("bad.json"), "[]", UTF_8);
      Run run = catalog("--catalog=" + directory, "module-added");
      assertEquals(2, run.exitCode());
      assertEquals(
          "catalogue file \"" + directory.resolve("bad.json") + "\" as a whole is no JSON object\n",
          run.err());
      assertTrue(run.out().startsWith("module-added\n"), run.out());
    }

    @Test
    void coloursOnlyWhereTheTerminalTakesThem() {
      CommandLine line = new CommandLine(new CatalogCommand(none()));
      line.setColorScheme(Help.defaultColorScheme(Ansi.ON));
      assertTrue(run(line, "module-added").out().startsWith("\u001b[1mmodule-added\u001b["));
      assertFalse(catalog("module-added").out().contains("\u001b"));
    }

    private Run catalog(String... arguments) {
      return run(new CommandLine(new CatalogCommand(none())), arguments);
    }
  }

  @Nested
  final class LintCommands {
    @Test
    void endsWith0WhenAllIsWell() {
      assertEquals(
          new Run(0, "nothing found\n", ""),
          lint("", "cluster/event/module-added", "{\"module\": \"mail1\", \"node\": 1}"));
    }

    @Test
    void endsWith0OnWarnings() {
      Run run = lint("", "node/1/event/module-added", "{\"module\": \"mail1\", \"node\": 1}");
      assertEquals(0, run.exitCode());
      assertEquals(
          """
          warning  source-unknown         the source "node/1" is not known for "module-added"; \
          listeners expect cluster
          0 errors, 1 warning
          """,
          run.out());
    }

    @Test
    void endsWith1OnErrors() {
      Run run = lint("{\"module\": 1}", "cluster/event/module-added", "-");
      assertEquals(1, run.exitCode());
      assertEquals("2 errors, 0 warnings", run.out().lines().toList().getLast());
      assertEquals("", run.err());
    }

    @Test
    void printsJson() throws IOException {
      Path file = Files.writeString(directory.resolve("payload"), "{}", UTF_8);
      Run run = lint("", "--json", "cluster/event/vpn-changed", "@" + file);
      assertEquals(1, run.exitCode());
      JsonNode report = json(run.out());
      assertEquals("cluster/event/vpn-changed", report.path("channel").asString());
      assertEquals(1, report.path("errors").asInt());
      assertEquals(0, report.path("warnings").asInt());
      assertEquals("error", report.at("/findings/0/severity").asString());
      assertEquals("payload-schema", report.at("/findings/0/rule").asString());
      assertTrue(report.at("/findings/0/message").asString().contains("\"node_id\""));
    }

    @Test
    void endsWith2ForAnUnreadablePayload() {
      Path missing = directory.resolve("missing");
      assertEquals(
          new Run(2, "", "file \"" + missing + "\" does not exist\n"),
          lint("", "cluster/event/vpn-changed", "@" + missing));
    }

    @Test
    void endsWith2ForABadCatalogueFile() throws IOException {
      Files.writeString(directory.resolve("bad.json"), "{", UTF_8);
      Run run = lint("", "--catalog", directory.toString(), "cluster/event/vpn-changed", "{}");
      assertEquals(2, run.exitCode());
      assertEquals("", run.out());
      assertEquals(1, run.err().lines().count());
    }

    @Test
    void knowsTheEventsOfFurtherFiles() throws IOException {
      Files.writeString(directory.resolve("mine.json"), MINE, UTF_8);
      assertEquals(
          new Run(0, "nothing found\n", ""),
          lint("", "--catalog", directory.toString(), "node/1/event/disk-filled", "{}"));
    }

    private Run lint(String stdin, String... arguments) {
      LintCommand command =
          new LintCommand(new ByteArrayInputStream(stdin.getBytes(UTF_8)), none());
      return run(new CommandLine(command), arguments);
    }
  }

  @Test
  void helpHasAnExampleAndTheExitCodes() {
    for (String command : List.of("catalog", "lint")) {
      Run run = run(EventsCommand.commandLine(), command, "--help");
      assertEquals(0, run.exitCode());
      assertTrue(run.out().contains("\nExample: "), run.out());
      assertTrue(run.out().contains("\nExit codes: 0 "), run.out());
      assertTrue(run.out().contains("--catalog=DIR"), run.out());
    }
  }

  private static CatalogOptions none() {
    return new CatalogOptions(Map.of());
  }

  private static Run run(CommandLine line, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }

  private static JsonNode json(String text) {
    return JsonText.read(ByteBuffer.wrap(text.getBytes(UTF_8))).root().orElseThrow();
  }
}
