package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes results where people read them: a section of {@code benchmarks.md}, the plot that it
 * shows, and the raw values that both are made of.
 *
 * @param docs the directory of the page
 * @param name of the section, and of the files that go with it
 */
record Pages(Path docs, String name) {
  /** The line before a section. */
  static String begin(String name) {
    return "<!-- " + name + ", measured by distribution/benchmarks: do not edit -->\n";
  }

  /** The line after it. */
  static String end(String name) {
    return "<!-- end of " + name + " -->\n";
  }

  /**
   * Looks whether there is a page to write to.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Pages in(Path docs, String name) throws IOException {
    Pages pages = new Pages(docs, name);
    if (!Files.isRegularFile(pages.page())) {
      throw new IllegalArgumentException("no page \"%s\"".formatted(pages.page()));
    }
    String text = Files.readString(pages.page());
    if (!text.contains(begin(name)) || !text.contains(end(name))) {
      throw new IllegalArgumentException(
          "\"%s\" does not say where to write; add the lines\n%s%s"
              .formatted(pages.page(), begin(name), end(name)));
    }
    return pages;
  }

  private Path page() {
    return docs.resolve("benchmarks.md");
  }

  /** Where raw values of a day go, as the page names it. */
  String raw(String day) {
    return "benchmarks/" + name + "-" + day + ".json";
  }

  /** Writes the files that a section shows or links to. */
  void files(String day, String json, String svg) throws IOException {
    file(day, json);
    Files.writeString(docs.resolve("benchmarks/" + name + ".svg"), svg);
  }

  /** Writes the file that a section links to. */
  void file(String day, String json) throws IOException {
    Files.createDirectories(docs.resolve("benchmarks"));
    Files.writeString(docs.resolve(raw(day)), json);
  }

  void section(String markdown) throws IOException {
    String text = Files.readString(page());
    int begin = text.indexOf(begin(name)) + begin(name).length();
    Files.writeString(
        page(),
        text.substring(0, begin)
            + "\n"
            + markdown.strip()
            + "\n\n"
            + text.substring(text.indexOf(end(name))));
    System.err.println("written: " + page().normalize() + ", " + name);
  }

  /** Raw values as text. */
  static String json(Map<String, Object> values) {
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(values)
        + "\n";
  }
}
