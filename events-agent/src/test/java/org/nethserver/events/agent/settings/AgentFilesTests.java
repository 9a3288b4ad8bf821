package org.nethserver.events.agent.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import tools.jackson.databind.JsonNode;

final class AgentFilesTests {
  private static final AgentReader.Defaults DEFAULTS =
      new AgentReader.Defaults(
          Limits.DEFAULT, Trust.OWNER, Path.of("/image/plugins"), new FakeUsers());

  private static final Account OTHER =
      new Account("other", 1007, 1008, List.of(1008), Path.of("/home/other"), "");

  /** A process of root's whose user is "me". */
  private static final class FakeUsers implements Users {
    @Override
    public Optional<Account> account(String name) {
      return switch (name) {
        case "me" -> Optional.empty();
        case "other" -> Optional.of(OTHER);
        default -> throw new IllegalArgumentException(", and there is no such user");
      };
    }

    @Override
    public Optional<Account> known(String name) {
      return name.equals("other") ? Optional.of(OTHER) : Optional.empty();
    }

    @Override
    public boolean others() {
      return true;
    }
  }

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text.replace('\'', '"'));
  }

  private static String agent(String id, String more) {
    return "{'id': '"
        + id
        + "', 'events-directories': ['/e'], 'state-directory': '/s'"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  private List<String> problems(Path path) {
    return assertThrows(WrongSettingsException.class, () -> AgentFiles.read(path, DEFAULTS))
        .problems()
        .stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  private List<String> problems(String agents) throws IOException {
    return problems(write("agents.json", "{'agents': [" + agents + "]}"));
  }

  @Test
  void agentHasWhatTheFileSaysAndElseTheDefaults() throws Exception {
    Path file =
        write(
            "agents.json",
            "{'$schema': 'agents.schema.json', 'agents': ["
                + agent("module/a1", "")
                + ", {'id': 'module/b1', 'events-directories': ['/e1', '/e2'],"
                + " 'plugins-directories': [], 'state-directory': '/s/b1', 'user': 'me',"
                + " 'environment': {'A': 'b'}, 'environment-files': ['/x.env'],"
                + " 'max-concurrency': 3, 'queue-events': 4, 'queue-bytes': '1KiB',"
                + " 'ordering': 'none', 'step-timeout': '5s', 'trust': 'any', 'history': false}]}");
    assertEquals(
        List.of(
            new AgentDefinition(
                "module/a1",
                List.of(
                    new StepPlace.Plugins(Path.of("/image/plugins")),
                    new StepPlace.Events(Path.of("/e"))),
                Trust.OWNER,
                Limits.DEFAULT,
                Path.of("/s"),
                Map.of(),
                List.of(),
                Optional.empty(),
                true,
                true),
            new AgentDefinition(
                "module/b1",
                List.of(new StepPlace.Events(Path.of("/e1")), new StepPlace.Events(Path.of("/e2"))),
                Trust.ANY,
                new Limits(
                    3, new Limits.Queue(4, 1024), Limits.Ordering.NONE, Duration.ofSeconds(5)),
                Path.of("/s/b1"),
                Map.of("A", "b"),
                List.of(Path.of("/x.env")),
                Optional.empty(),
                true,
                false)),
        AgentFiles.read(file, DEFAULTS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'user': 'me'",
        "'environment': {'A': 'b', '_1': ''}",
        "'environment': {'A-B': 'b'}",
        "'environment': {'A': 1}",
        "'environment-files': '/x'",
        "'environment-files': ['x']",
        "'plugins-directories': [1]",
        "'max-concurrency': 0",
        "'max-concurrency': 10001",
        "'max-concurrency': 1.5",
        "'queue-events': -1",
        "'queue-events': 1000000",
        "'queue-bytes': 1",
        "'ordering': 'all'",
        "'trust': true",
        "'other': 1",
        "'id': '-'"
      })
  void quickLookNeverPassesWhatTheSchemaRefuses(String more) {
    String text = ("{'agents': [" + agent("module/a1", more) + "]}").replace('\'', '"');
    JsonNode root =
        JsonText.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).root().orElseThrow();
    assertEquals(
        new AgentSchema().problems(Path.of("x"), root).isEmpty(), AgentForm.fits(root), text);
  }

  @Test
  void schemaAndQuickLookKnowTheSameKeys() {
    assertEquals(AgentForm.keys(), new AgentSchema().keys());
  }

  @Test
  void directoryHasTheAgentsOfAllItsFiles() throws Exception {
    write("b.json", "{'agents': [" + agent("module/b1", "") + "]}");
    write("a.json", "{'agents': [" + agent("module/a1", "") + "]}");
    write(".hidden.json", "no JSON");
    write("a.json.bak", "no JSON");
    assertEquals(
        List.of("module/a1", "module/b1"),
        AgentFiles.read(directory, DEFAULTS).stream().map(AgentDefinition::id).toList());
  }

  @Test
  void directoryMayHaveNone() throws Exception {
    assertEquals(List.of(), AgentFiles.read(directory, DEFAULTS));
  }

  @Nested
  final class Problems {
    @Test
    void ofAllFilesAreToldAtOnce() throws IOException {
      write("a.json", "{'agents': [" + agent("module/a1", "'max-concurrency': '3'") + "]}");
      write("b.json", "{'agents': [" + agent("module/a1", "'queue-bytes': '3 MB'") + "]}");
      write("c.json", "{'agents': [}");
      assertEquals(
          List.of(
              "a.json: /agents/0/max-concurrency is a string; send an integer: take the quotes"
                  + " away",
              "b.json: /agents/0/queue-bytes is \"3 MB\": a size looks like 65536, 512KiB, 64MiB"
                  + " or 1GiB",
              "b.json: /agents/0/id is \"module/a1\", as that of an agent in a.json; keep one of"
                  + " them",
              "c.json: is not JSON (line 1, column 13); look for a missing quote, comma, colon or"
                  + " bracket there"),
          problems(directory));
    }

    @Test
    void unknownKeyIsAnsweredWithTheNearest() throws IOException {
      assertEquals(
          List.of(
              "agents.json: /agents/0 has the unknown key \"max-concurency\"; did you mean"
                  + " \"max-concurrency\"?"),
          problems(agent("module/a1", "'max-concurency': 3")));
    }

    @Test
    void missingKeySaysWhatBelongsThere() throws IOException {
      assertEquals(
          List.of(
              "agents.json: /agents/0 lacks the key \"state-directory\"; add it, a string (the"
                  + " whole path of the steps' working directory, where the file environment is)"),
          problems("{'id': 'a', 'events-directories': []}"));
    }

    @Test
    void relativePathIsNoWholePath() throws IOException {
      assertEquals(
          List.of(
              "agents.json: /agents/0/environment-files/0 is wrong: give whole paths of files with"
                  + " lines NAME=value, the later winning, over environment; read at the start and"
                  + " at a reload"),
          problems(agent("module/a1", "'environment-files': ['x.env']")));
    }

    @Test
    void agentOfAnotherUserIsRefused() throws IOException {
      assertEquals(
          List.of("agents.json: /agents/0/user is \"you\", and there is no such user"),
          problems(agent("module/a1", "'user': 'you'")));
    }

    @Test
    void wrongDurationIsShown() throws IOException {
      assertEquals(
          List.of(
              "agents.json: /agents/0/step-timeout is \"1 hour\": a duration looks like 500ms, 10s,"
                  + " 1h30m, or 0 for none"),
          problems(agent("module/a1", "'step-timeout': '1 hour'")));
    }

    @Test
    void missingFileIsTold() {
      assertEquals(
          List.of("none.json: is not there; give --config a file, or a directory of *.json"),
          problems(directory.resolve("none.json")));
    }
  }

  @Test
  void linesOfVariablesAreThoseOfSystemd() {
    byte[] content =
        "# comment\n; comment\n\n A=1\nB=\"two words\"\nC='x'\nD=\"\nE=a=\"b\"\n"
            .getBytes(StandardCharsets.UTF_8);
    assertEquals(
        List.of("A=1", "B=two words", "C=x", "D=\"", "E=a=\"b\""),
        EnvironmentLines.of(content).stream()
            .map(line -> new String(line, StandardCharsets.UTF_8))
            .toList());
  }

  @Test
  void lastLineOfAVariableCounts() {
    byte[] content = "A=1\n#A=2\nAB=3\nA='4'\n".getBytes(StandardCharsets.UTF_8);
    assertEquals(Optional.of("4"), EnvironmentLines.value(content, "A"));
    assertEquals(Optional.empty(), EnvironmentLines.value(content, "B"));
  }

  @Test
  void agentRunsAsTheUserThatItNames() throws Exception {
    Path file = write("agents.json", "{'agents': [" + agent("module/a1", "'user': 'other'") + "]}");
    assertEquals(Optional.of(OTHER), AgentFiles.read(file, DEFAULTS).getFirst().user());
  }

  @Test
  void processThatIsNotRootHostsOnlyItsOwnUser() {
    Users users = Users.of("me", false);
    assertEquals(Optional.empty(), users.account("me"));
    String why =
        assertThrows(IllegalArgumentException.class, () -> users.account("other")).getMessage();
    assertEquals(
        ", and this process is \"me\"'s, as whom all its steps run: only root hosts agents of"
            + " others; host the agent in a process of its user's, or leave the key out",
        why);
  }
}
