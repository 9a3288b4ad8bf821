package org.nethserver.events.agent.catalog;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command prints.
 *
 * @param out its output
 * @param err its errors
 * @param ansi whether colours are wanted
 */
record Terminal(PrintWriter out, PrintWriter err, Ansi ansi) {
  static Terminal of(@Nullable CommandSpec spec) {
    CommandLine line = Objects.requireNonNull(spec, "started without picocli").commandLine();
    return new Terminal(line.getOut(), line.getErr(), line.getColorScheme().ansi());
  }

  void error(String sentence) {
    err.println(sentence);
    err.flush();
  }
}
