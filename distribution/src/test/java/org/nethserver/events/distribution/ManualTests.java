package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nethserver.events.agent.command.EventsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

final class ManualTests {
  private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:(-\\w), )?(?:    )?(--[\\w-]+)");
  private static final Pattern TERM = Pattern.compile("(?m)^\\.TP\n(?:(-\\w), )?(--[\\w-]+)");

  static Stream<Manual> pages() {
    return Manual.all(EventsCommand.commandLine(), "1.2.3", "2026-01-01").stream();
  }

  @Test
  void thereIsAPageForEachCommand() {
    Set<String> wanted =
        EventsCommand.commandLine().getSubcommands().keySet().stream()
            .map("events-"::concat)
            .collect(Collectors.toCollection(TreeSet::new));
    wanted.add("events");
    assertEquals(wanted, pages().map(Manual::name).collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasTheOptionsOfTheHelp(Manual page) {
    Set<String> options = found(OPTION, help(page));
    assertTrue(options.contains("--help"), options::toString);
    assertEquals(options, found(TERM, plain(page)));
  }

  /** The list of commands is broken differently in the help, so it is not compared. */
  @ParameterizedTest
  @MethodSource("pages")
  void saysAllThatTheHelpSays(Manual page) {
    String manual = words(plain(page));
    CommandLine.Model.UsageMessageSpec usage = page.command().getCommandSpec().usageMessage();
    Stream.of(Stream.of(usage.description()), Stream.of(usage.footer()))
        .flatMap(lines -> lines)
        .map(line -> words(line.replaceFirst("^(Example|Signals|Exit codes): ", "")))
        .forEach(line -> assertTrue(manual.contains(line), () -> line + "\nis not in\n" + manual));
    page.command().getCommandSpec().args().stream()
        .filter(argument -> !argument.hidden())
        .flatMap(argument -> Stream.of(argument.description()))
        .forEach(line -> assertTrue(manual.contains(words(line)), line));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasExampleAndExitCodesUnderTheirNames(Manual page) {
    String exitCodes = help(page).replaceFirst("(?s).*\nExit codes: ", "");
    String section = plain(page).replaceFirst("(?s).*\n\\.SH EXIT STATUS\n", "");
    assertTrue(words(section).startsWith(words(exitCodes)), section);
    assertTrue(plain(page).contains("\n.SH EXAMPLES\n"), page::text);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasNoLineThatRoffWouldTakeForAnotherRequest(Manual page) {
    page.text()
        .lines()
        .filter(line -> line.startsWith(".") || line.startsWith("'"))
        .forEach(
            line -> assertTrue(line.matches("\\.(TH .*|SH .*|BR .*|RS 4|PP|TP|nf|fi|RE)"), line));
  }

  @Test
  void snapshotSortsBeforeItsVersion() throws IOException, InterruptedException {
    assertEquals("1.0.0~snapshot", Packages.sortable("1.0.0-SNAPSHOT"));
    assertEquals("1.0.0~rc.1", Packages.sortable("1.0.0-rc.1"));
    assertEquals("1.0.0", Packages.sortable("1.0.0"));
    if (Files.isExecutable(Path.of("/usr/bin/dpkg"))) {
      assertEquals(
          0,
          new ProcessBuilder("dpkg", "--compare-versions", "1.0.0~snapshot", "lt", "1.0.0")
              .start()
              .waitFor());
    }
  }

  private static String help(Manual page) {
    return page.command().getUsageMessage(Ansi.OFF);
  }

  /** The page as it would be read, but for its requests. */
  private static String plain(Manual page) {
    return page.text()
        .replaceAll("\\\\f[BR]", "")
        .replace("\\&", "")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\(ga", "`")
        .replace("\\(ha", "^")
        .replace("\\(ti", "~")
        .replace("\\e", "\\");
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      Stream.of(matcher.group(1), matcher.group(2))
          .filter(name -> name != null)
          .forEach(found::add);
    }
    return found;
  }
}
