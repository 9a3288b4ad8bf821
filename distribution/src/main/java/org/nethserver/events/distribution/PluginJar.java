package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Makes a plugin of a directory of sources, as its author would with the tools of the JDK. */
final class PluginJar {
  /** The time of all entries, so that the jar can be made again bit for bit. */
  private static final String TIME = "2026-01-01T00:00:00Z";

  private PluginJar() {}

  /**
   * Compiles the sources and packs the classes.
   *
   * @param sources with a module-info
   * @param api the jar to compile against
   * @param classes where to lay the classes
   * @param jar what to make
   */
  static void make(Path sources, Path api, Path classes, Path jar) throws IOException {
    Build.delete(classes);
    List<String> compile =
        new ArrayList<>(List.of("--release", "17", "-p", api.toString(), "-d", classes.toString()));
    for (Path source : files(sources, ".java")) {
      compile.add(source.toString());
    }
    run("javac", compile);
    Files.createDirectories(jar.getParent());
    List<String> pack =
        new ArrayList<>(List.of("--create", "--date", TIME, "--file", jar.toString()));
    // One by one: of a directory they would be packed in whatever order it has them.
    for (Path compiled : files(classes, ".class")) {
      pack.addAll(List.of("-C", classes.toString(), classes.relativize(compiled).toString()));
    }
    run("jar", pack);
  }

  private static List<Path> files(Path root, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static void run(String tool, List<String> arguments) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int code =
        ToolProvider.findFirst(tool)
            .orElseThrow(() -> new IOException("this JDK has no " + tool))
            .run(writer, writer, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IOException(tool + " ended with " + code + ":\n" + said);
    }
  }
}
