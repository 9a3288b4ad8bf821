package org.nethserver.events.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page: what {@code --help} says, as {@code man} wants it.
 *
 * @param command the command that it is about
 * @param version of the program
 * @param date of the page
 */
record Manual(CommandLine command, String version, String date) {
  /** How a line of a footer begins that has a section of its own. */
  private static final Pattern HEADED = Pattern.compile("(Example|Signals|Exit codes): (.*)");

  /** Returns the pages of a command and of all its subcommands. */
  static List<Manual> all(CommandLine events, String version, String date) {
    List<Manual> pages = new ArrayList<>();
    pages.add(new Manual(events, version, date));
    for (CommandLine command : events.getSubcommands().values()) {
      pages.add(new Manual(command, version, date));
    }
    return pages;
  }

  /** Returns what to type after {@code man}. */
  String name() {
    return spec().qualifiedName("-");
  }

  /** Returns the page in roff. */
  String text() {
    StringBuilder page = new StringBuilder();
    String title = name().toUpperCase(Locale.ROOT);
    page.append(".TH ").append(escaped(title)).append(" 1 ").append(date);
    page.append(" \"events ").append(escaped(version)).append("\" \"NethServer events\"\n");
    section(page, "NAME", escaped(name()) + " \\- " + escaped(gist(command)));
    section(page, "SYNOPSIS", synopsis());
    section(page, "DESCRIPTION", paragraphs(spec().usageMessage().description()));
    for (PositionalParamSpec parameter : spec().positionalParameters()) {
      item(page, label(parameter).strip(), parameter.description());
    }
    section(page, "OPTIONS", "");
    spec().options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .forEach(option -> item(page, names(option), option.description()));
    commands(page);
    footer(page);
    section(page, "SEE ALSO", spec().parent() == null ? "" : ".BR events (1)\n.PP");
    page.append(line("The documents in /usr/share/doc/events tell more."));
    return page.toString();
  }

  private CommandSpec spec() {
    return command.getCommandSpec();
  }

  private Help help() {
    return new Help(spec(), Help.defaultColorScheme(Help.Ansi.OFF));
  }

  private String synopsis() {
    String whole = help().synopsis(0).strip().replaceAll("\\s+", " ");
    String typed = spec().qualifiedName();
    return "\\fB" + escaped(typed) + "\\fR" + escaped(whole.substring(typed.length()));
  }

  private String names(OptionSpec option) {
    List<String> names = Arrays.asList(option.names());
    return String.join(", ", names) + label(option);
  }

  private String label(ArgSpec argument) {
    return help()
        .parameterLabelRenderer()
        .renderParameterLabel(argument, Help.Ansi.OFF, List.of())
        .toString();
  }

  private void commands(StringBuilder page) {
    if (!command.getSubcommands().isEmpty()) {
      section(page, "COMMANDS", "");
      for (CommandLine each : command.getSubcommands().values()) {
        item(page, each.getCommandSpec().qualifiedName("-") + "(1)", gist(each));
      }
    }
  }

  /** An indented line is one to be typed, an empty one nothing. */
  private void footer(StringBuilder page) {
    boolean indented = false;
    for (String text : spec().usageMessage().footer()) {
      Matcher headed = HEADED.matcher(text);
      if (headed.matches()) {
        section(page, title(headed.group(1)), escaped(headed.group(2)));
        indented = false;
      } else if (text.startsWith("  ")) {
        page.append(".PP\n.RS 4\n.nf\n").append(line(text.strip())).append(".fi\n.RE\n");
        indented = true;
      } else if (!text.isBlank()) {
        page.append(indented ? ".PP\n" : "").append(line(text));
        indented = false;
      }
    }
  }

  private static String title(String heading) {
    return switch (heading) {
      case "Exit codes" -> "EXIT STATUS";
      case "Example" -> "EXAMPLES";
      default -> heading.toUpperCase(Locale.ROOT);
    };
  }

  /** Returns the first sentence of what is said about a command, as a list shows it. */
  private static String gist(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    String first = description.length == 0 ? "" : description[0];
    return first.replaceFirst("(?s)[.:;] .*|[.]$", "");
  }

  private static void section(StringBuilder page, String title, String text) {
    page.append(".SH ").append(title).append('\n');
    if (!text.isEmpty()) {
      page.append(text).append('\n');
    }
  }

  private static void item(StringBuilder page, String term, String... description) {
    page.append(".TP\n\\fB").append(escaped(term)).append("\\fR\n");
    page.append(line(String.join(" ", description)));
  }

  private static String paragraphs(String... texts) {
    return Stream.of(texts).map(Manual::escaped).collect(Collectors.joining("\n.PP\n"));
  }

  private static String line(String text) {
    return escaped(text) + "\n";
  }

  /** No sign is a request to roff, and each comes out as it was typed. */
  private static String escaped(String text) {
    String plain =
        text.replace("\\", "\\e")
            .replace("-", "\\-")
            .replace("'", "\\(aq")
            .replace("`", "\\(ga")
            .replace("^", "\\(ha")
            .replace("~", "\\(ti");
    return plain.startsWith(".") ? "\\&" + plain : plain;
  }
}
