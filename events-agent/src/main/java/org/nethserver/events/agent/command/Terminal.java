package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** What commands print: whole lines at once. */
final class Terminal {
  private Terminal() {}

  static PrintWriter out(@Nullable CommandSpec spec) {
    return of(spec).commandLine().getOut();
  }

  static PrintWriter err(@Nullable CommandSpec spec) {
    return of(spec).commandLine().getErr();
  }

  /** The command line library sets the field before it calls the command. */
  static CommandSpec of(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("called outside the command line");
    }
    return spec;
  }

  static void print(PrintWriter writer, String line) {
    writer.println(line);
    writer.flush();
  }

  /** Colours a text where the output is a terminal and NO_COLOR is not set. */
  static String styled(String style, String text) {
    return Ansi.AUTO.enabled()
        ? Ansi.AUTO.new Text("@|" + style + " x|@").toString().replace("x", text)
        : text;
  }
}
