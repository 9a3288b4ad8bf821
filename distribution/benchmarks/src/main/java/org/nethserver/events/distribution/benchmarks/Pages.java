package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes results where people read them: a section of {@code benchmarks.md}, the plot that it
 * shows, and the raw values that both are made of.
 */
record Pages(Path docs) {
  static final String BEGIN = "<!-- measured by distribution/benchmarks: do not edit -->\n";
  static final String END = "<!-- end of what is measured -->\n";

  void write(Results results) throws IOException {
    Path page = docs.resolve("benchmarks.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("\"" + page + "\" has no place to write to, marked by: " + BEGIN);
    }
    Path directory = Files.createDirectories(docs.resolve("benchmarks"));
    String name = "agents-" + results.conditions().day();
    Files.writeString(directory.resolve(name + ".json"), results.json());
    Files.writeString(directory.resolve("agents.svg"), new Plot(results).svg());
    String section = new Section(results, "benchmarks/" + name + ".json").markdown();
    Files.writeString(
        page, text.substring(0, begin + BEGIN.length()) + section + text.substring(end));
    System.err.println("written: " + page.normalize());
  }
}
