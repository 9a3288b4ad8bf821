package org.nethserver.events.agent.command;

import java.util.Collection;
import java.util.List;
import org.nethserver.events.agent.text.NearestNames;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What somebody meant who typed a flag or a command that there is not. */
final class Meant {
  private static final String DASHES = "--";

  private Meant() {}

  /** Returns the nearest flags or commands, none for any other mistake. */
  static List<String> by(ParameterException mistake) {
    if (!(mistake instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return List.of();
    }
    CommandSpec command = mistake.getCommandLine().getCommandSpec();
    String typed = unmatched.getUnmatched().getFirst();
    return typed.startsWith("-")
        ? flags(typed, command)
        : commands(typed, command.subcommands().keySet(), command.qualifiedName());
  }

  private static List<String> flags(String typed, CommandSpec command) {
    int equals = typed.indexOf('=');
    String name = bare(equals < 0 ? typed : typed.substring(0, equals));
    List<String> names =
        command.options().stream().map(OptionSpec::longestName).map(Meant::bare).toList();
    return NearestNames.of(name, names).stream().map(DASHES::concat).toList();
  }

  private static List<String> commands(String typed, Collection<String> names, String parent) {
    return NearestNames.of(typed, names).stream()
        .map(name -> "\"" + parent + " " + name + "\"")
        .toList();
  }

  /** The dashes are no word of the name. */
  private static String bare(String flag) {
    return flag.startsWith(DASHES) ? flag.substring(DASHES.length()) : flag;
  }
}
