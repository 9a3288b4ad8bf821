package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class HandlersCommandTests {
  private final Shell shell = new Shell();

  @AfterEach
  void close() {
    shell.close();
  }

  private static Shell.Result handlers(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "handlers";
    arguments[1] = "--eventsdir=/events";
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Shell.type(arguments);
  }

  private void install() {
    shell
        .early
        .runs("user-created", "10fetch")
        .runs("user-created", "20reload")
        .runs("user-created", "30mail")
        .passesOver("user-created", "30mail~", "a backup file");
    shell
        .late
        .runs("user-created", "20reload")
        .masks("user-created", "30mail")
        .refuses("user-created", "40index", "world-writable; run chmod o-w");
  }

  @Test
  void tableShowsWhatBecomesOfEachStepAndWhy() {
    install();
    Shell.Result table = handlers("user-created");
    assertEquals(0, table.exitCode());
    assertEquals("", table.err());
    assertEquals(
        """
        user-created
          runs      10fetch                      /early
          replaced  20reload                     /early  (by /late/20reload)
          runs      20reload                     /late
          replaced  30mail                       /early  (by /late/30mail)
          masks     30mail                       /late  (a link to /dev/null: no step of this name runs)
          ignored   30mail~                      /early  (a backup file)
          skipped   40index                      /late  (world-writable; run chmod o-w)
        """,
        table.out());
  }

  @Test
  void jsonShowsTheSame() {
    install();
    Shell.Result result = handlers("user-created", "--json");
    assertEquals(0, result.exitCode());
    assertEquals(1, result.out().lines().count());
    JsonNode event = result.json().path(0);
    assertEquals("user-created", event.path("event").asString());
    assertEquals(7, event.path("steps").size());
    assertEquals(
        "{\"step\":\"20reload\",\"state\":\"replaced\",\"path\":\"/early/20reload\","
            + "\"source\":\"/early\",\"why\":\"by /late/20reload\"}",
        event.path("steps").path(1).toString());
    assertEquals(
        "{\"step\":\"20reload\",\"state\":\"runs\",\"path\":\"/late/20reload\","
            + "\"source\":\"/late\"}",
        event.path("steps").path(2).toString());
  }

  @Test
  void withoutAnEventAllAreShownByName() {
    shell.early.runs("user-removed", "10a");
    shell.late.runs("certificate-changed", "10a").runs("user-removed", "20b");
    assertEquals(
        """
        certificate-changed
          runs      10a                          /late
        user-removed
          runs      10a                          /early
          runs      20b                          /late
        """,
        handlers().out());
  }

  @Test
  void eventWithoutStepsIsExitCode1() {
    assertEquals(
        new Shell.Result(1, "", "No steps for \"user-created\" in /events\n"),
        handlers("user-created"));
    assertEquals(
        new Shell.Result(1, "[{\"event\":\"user-created\",\"steps\":[]}]\n", ""),
        handlers("user-created", "--json"));
  }

  @Test
  void noEventsAtAllIsNoFailure() {
    assertEquals(new Shell.Result(0, "", "No steps in /events\n"), handlers());
    assertEquals(new Shell.Result(0, "[]\n", ""), handlers("--json"));
    assertEquals(
        "No steps in no directory: --eventsdir is empty\n",
        Shell.type("handlers", "--eventsdir=").err());
  }

  @Test
  void whatIsNoEventNameIsRefused() {
    assertEquals(
        new Shell.Result(
            2,
            "",
            "\"../\\x1b[31m\" is no event name: the event name begins with \".\"; begin it with a"
                + " letter or digit\n"),
        handlers("../\u001b[31m"));
  }

  @Test
  void whatATerminalWouldObeyIsEscaped() {
    shell.early.refuses("user-created", "10\u001b[2J", "odd\nname");
    Shell.Result table = handlers("user-created");
    assertFalse(table.out().contains("\u001b"), table::out);
    assertEquals(2, table.out().lines().count(), table::out);
    assertTrue(table.out().contains("10\\x1b[2J"), table::out);
  }

  @Test
  void wrongFlagValueIsOneSentence() {
    assertEquals(
        new Shell.Result(2, "", "wrong value \"me\" for --trust: use owner or any\n"),
        handlers("--trust=me"));
  }

  @Test
  void agentOfAHostIsFoundByItsId(@TempDir Path directory) throws IOException {
    install();
    Path file =
        Files.writeString(
            directory.resolve("agents.json"),
            """
            {"agents": [
              {"id": "module/a1", "events-directories": ["/e"], "state-directory": "/s"},
              {"id": "module/b1", "events-directories": ["/f"], "state-directory": "/s"}]}
            """);
    String config = "--config=" + file;
    Shell.Result shown = Shell.type("handlers", config, "--agentid=module/b1", "user-created");
    assertEquals(0, shown.exitCode(), shown.err());
    assertTrue(shown.out().startsWith("user-created\n  runs      10fetch"), shown.out());
    Shell.Result none = Shell.type("handlers", config, "--agentid=module/b1", "user-removed");
    assertEquals("No steps for \"user-removed\" in /f\n", none.err());
    Shell.Result unknown = Shell.type("handlers", config, "--agentid=module/c1");
    assertEquals(2, unknown.exitCode());
    assertTrue(
        unknown
            .err()
            .contains("no agent \"module/c1\" of " + file + "; there are module/a1, module/b1"),
        unknown.err());
    Shell.Result which = Shell.type("plugins", config);
    assertTrue(which.err().contains("which agent? Give --agentid=ID of " + file), which.err());
    Shell.Result both = Shell.type("handlers", config, "--eventsdir=/e");
    assertTrue(
        both.err().contains("--eventsdir and --config cannot be given together"), both.err());
    Shell.Result wrong = Shell.type("handlers", "--config=" + directory.resolve("none.json"));
    assertEquals(2, wrong.exitCode());
    assertTrue(wrong.err().contains("none.json: is not there"), wrong.err());
  }
}
