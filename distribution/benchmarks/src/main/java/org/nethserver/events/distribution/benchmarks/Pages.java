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

  /**
   * Looks whether there is a page to write to.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Pages in(Path docs) throws IOException {
    Pages pages = new Pages(docs);
    if (!Files.isRegularFile(pages.page())) {
      throw new IllegalArgumentException("no page \"%s\"".formatted(pages.page()));
    }
    String text = Files.readString(pages.page());
    if (!text.contains(BEGIN) || !text.contains(END)) {
      throw new IllegalArgumentException(
          "\"%s\" does not say where to write; add the lines\n%s%s"
              .formatted(pages.page(), BEGIN, END));
    }
    return pages;
  }

  private Path page() {
    return docs.resolve("benchmarks.md");
  }

  void write(Results results) throws IOException {
    Path directory = Files.createDirectories(docs.resolve("benchmarks"));
    String name = "agents-" + results.conditions().day();
    Files.writeString(directory.resolve(name + ".json"), results.json());
    Files.writeString(directory.resolve("agents.svg"), new Plot(results).svg());
    String section = new Section(results, "benchmarks/" + name + ".json").markdown();
    String text = Files.readString(page());
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        page(), text.substring(0, begin) + section + text.substring(text.indexOf(END)));
    System.err.println("written: " + page().normalize());
  }
}
