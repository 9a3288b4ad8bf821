package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.agent.config.AgentArguments;
import org.nethserver.events.agent.config.AgentFlag;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class UsageTests {
  static Stream<String> commands() {
    return EventsCommand.commandLine().getSubcommands().keySet().stream();
  }

  @Nested
  final class Help {
    @Test
    void knowsAllCommands() {
      assertEquals(
          Set.of(
              "agent",
              "publish",
              "tail",
              "handlers",
              "plugins",
              "test",
              "catalog",
              "lint",
              "recorder",
              "journal",
              "replay",
              "dead",
              "runs",
              "demo",
              "doctor"),
          EventsCommand.commandLine().getSubcommands().keySet());
    }

    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.command.UsageTests#commands")
    void ofEachCommandHasAnExampleOfItAndTheExitCodes(String command) {
      Shell.Result help = Shell.type(command, "--help");
      assertEquals(0, help.exitCode(), help::err);
      assertEquals("", help.err());
      String typed = command.equals("agent") ? "  events-agent --" : "  events " + command;
      assertTrue(
          help.out()
              .matches("(?s)Usage: events " + command + ".*\nExample: [^\n]+\n" + typed + ".*"),
          help::out);
      assertTrue(help.out().contains("\nExit codes: "), help::out);
      assertFalse(help.out().contains("\u001b"), "colours without a terminal");
    }

    @Test
    void ofNoCommandAtAllIsTheListOfCommands() {
      Shell.Result all = Shell.type();
      assertEquals(0, all.exitCode());
      commands().forEach(command -> assertTrue(all.out().contains("\n  " + command), all::out));
      assertEquals(all, Shell.type("--help"));
    }

    @Test
    void namesEachFlagOfTheAgentWithItsLabel() {
      String help = Shell.type("agent", "--help").out();
      for (AgentFlag flag : AgentFlag.values()) {
        String value = flag.mayStandAlone() ? "[=" + flag.label() + "]" : "=" + flag.label();
        assertTrue(help.contains(flag.flag() + value), flag + " in " + help);
      }
    }

    @Test
    void versionIsOneLine() {
      Shell.Result version = Shell.type("--version");
      assertEquals(0, version.exitCode());
      assertTrue(version.out().matches("events \\S+\n"), version::out);
    }
  }

  @Nested
  final class WrongUsage {
    @ParameterizedTest
    @MethodSource("org.nethserver.events.agent.command.UsageTests#commands")
    void isExitCode2WithoutAStackTrace(String command) {
      Shell.Result wrong = type(command, "--no-such-flag");
      assertEquals(2, wrong.exitCode());
      assertEquals("", wrong.out());
      assertTrue(wrong.err().contains("--no-such-flag"), wrong::err);
      assertTrue(
          wrong.err().endsWith("Try \"events " + command + " --help\" for what is right.\n"),
          wrong::err);
      assertFalse(wrong.err().contains("\tat "), wrong::err);
    }

    @ParameterizedTest
    @CsvSource({
      "handlers, --jsn, --json",
      "test, --dryrun, --dry-run",
      "publish, --rawe, --raw",
      "publish, --catlog=x, --catalog",
      "agent, --queue=1, --queue-bytes or --queue-events",
      "tail, --counts=1, --count",
      "demo, --kep, --keep",
      "agent, --agent-id=x, --agentid",
      "agent, --max-concurency=3, --max-concurrency",
      "agent, --eventdir=x, --eventsdir"
    })
    void unknownFlagSuggestsTheNearest(String command, String typed, String meant) {
      Shell.Result wrong = type(command, typed);
      assertEquals(2, wrong.exitCode());
      assertTrue(wrong.err().contains("\nDid you mean " + meant + "?\n"), wrong::err);
    }

    @ParameterizedTest
    @CsvSource({"handlers, --frobnicate", "tail, -x", "agent, --frobnicate=1"})
    void flagThatIsLikeNoneSuggestsNothing(String command, String typed) {
      Shell.Result wrong = type(command, typed);
      assertEquals(2, wrong.exitCode());
      assertFalse(wrong.err().contains("Did you mean"), wrong::err);
    }

    @ParameterizedTest
    @CsvSource({"publsh, publish", "handler, handlers", "tst, test"})
    void unknownCommandSuggestsTheNearest(String typed, String meant) {
      Shell.Result wrong = Shell.type(typed);
      assertEquals(2, wrong.exitCode());
      assertTrue(wrong.err().contains("\nDid you mean \"events " + meant + "\"?\n"), wrong::err);
    }

    /** What a command cannot do without is what it would complain of first. */
    private Shell.Result type(String command, String flag) {
      return switch (command) {
        case "publish", "lint" -> Shell.type(command, "cluster", "user-created", flag);
        case "test" -> Shell.type(command, "user-created", flag);
        default -> Shell.type(command, flag);
      };
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() {
      Shell.Result wrong = Shell.type("handlers", "--\u001b[31mred");
      assertEquals(2, wrong.exitCode());
      assertFalse(wrong.err().contains("\u001b"), wrong::err);
      assertTrue(wrong.err().contains("\\x1b[31mred"), wrong::err);
    }
  }

  @Nested
  final class AgentFlags {
    private static final Map<AgentFlag, List<String>> VALUES =
        Map.ofEntries(
            Map.entry(AgentFlag.AGENTID, List.of("module/a1", "", "a b", "--trust=any")),
            Map.entry(AgentFlag.CONFIG, List.of("/c", "", "c")),
            Map.entry(AgentFlag.EVENTSDIR, List.of("/e", "", "e")),
            Map.entry(AgentFlag.PLUGINSDIR, List.of("/p", "", "p")),
            Map.entry(AgentFlag.ACTIONSDIR, List.of("/a", "")),
            Map.entry(AgentFlag.DISCOVER, List.of("/r", "")),
            Map.entry(AgentFlag.STATE_DIRECTORY, List.of("/s", "")),
            Map.entry(AgentFlag.JOURNAL, List.of("true", "false", "", "yes")),
            Map.entry(AgentFlag.HISTORY, List.of("true", "false", "", "yes")),
            Map.entry(AgentFlag.JOURNAL_KEY, List.of("k", "")),
            Map.entry(AgentFlag.CATCH_UP, List.of("0", "24h", "", "10")),
            Map.entry(
                AgentFlag.METRICS,
                List.of("localhost:1", "unix:/m", "textfile:/d", "", "9464", ":9464", "unix:m")),
            Map.entry(AgentFlag.REDIS, List.of("redis://h:1", "h:1", "", "@/no/such", "r:")),
            Map.entry(AgentFlag.ORDERING, List.of("channel", "none", "", "NONE")),
            Map.entry(AgentFlag.TRUST, List.of("owner", "any", "", "root")),
            Map.entry(AgentFlag.STEP_TIMEOUT, List.of("0", "1h30m", "", "10", "-1s")),
            Map.entry(AgentFlag.STOP_GRACE, List.of("0", "800ms", "", "10", "-1s")),
            Map.entry(AgentFlag.MAX_CONCURRENCY, List.of("1", "99", "0", "", "x", "-1")),
            Map.entry(AgentFlag.QUEUE_EVENTS, List.of("0", "99", "-1", "", "x")),
            Map.entry(AgentFlag.QUEUE_BYTES, List.of("0", "64MiB", "64MB", "", "-1")));

    @ParameterizedTest
    @EnumSource
    void areReadAlikeQuicklyAndByTheLibrary(AgentFlag flag) {
      for (String value : VALUES.get(flag)) {
        readAlike(flag.flag() + "=" + value);
        readAlike(flag.flag(), value);
        readAlike(flag.flag() + "=" + value, flag.flag(), value, "--agentid=x");
      }
      readAlike(flag.flag());
      readAlike(flag.flag().substring(0, 5));
      readAlike(flag.flag() + "x=1");
    }

    private void readAlike(String... arguments) {
      String[] typed =
          Stream.concat(Stream.of("agent"), Stream.of(arguments)).toArray(String[]::new);
      CommandLine library = EventsCommand.commandLine();
      if (AgentArguments.read(List.of(arguments)).isPresent()) {
        library.parseArgs(typed);
      } else {
        assertThrows(
            ParameterException.class, () -> library.parseArgs(typed), String.join(" ", arguments));
      }
    }

    @Test
    void wrongValueIsOneSentence() {
      Shell.Result wrong = Shell.type("agent", "--trust=me");
      assertEquals(2, wrong.exitCode());
      assertEquals(
          """
          wrong value "me" for --trust: use owner or any
          Try "events agent --help" for what is right.
          """,
          wrong.err());
    }

    @Test
    void wrongAddressIsNotShown() {
      Shell.Result wrong = Shell.type("agent", "--redis=me:s3cret@host");
      assertEquals(2, wrong.exitCode());
      assertFalse(wrong.err().contains("s3cret"), wrong::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--", "@%s"})
    void whatOnlyTheLibraryUnderstandsStartsNoAgentInSilence(String odd, @TempDir Path directory)
        throws IOException {
      Path file = Files.writeString(directory.resolve("flags"), "--agentid=x\n");
      Shell.Result wrong = Shell.type("agent", "--agentid=x", odd.formatted(file));
      assertEquals(2, wrong.exitCode(), wrong::err);
      assertFalse(wrong.err().isEmpty());
    }
  }
}
