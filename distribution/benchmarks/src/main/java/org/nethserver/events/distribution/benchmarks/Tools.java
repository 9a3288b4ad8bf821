package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.nethserver.events.api.EventHandler;

/**
 * What the measuring needs compiled: programs in C, and handlers in Java.
 *
 * @param programs the directory of {@code floor}, {@code stamp} and {@code note}; empty without a C
 *     compiler
 * @param handlers the directory of the handlers' classes
 * @param script what {@code note} is as a script
 */
record Tools(Optional<Path> programs, Path handlers, Path script) {
  private static final String STAMP = "bench/Stamp";
  private static final String NOTE = "bench/Note";

  /**
   * Compiles them.
   *
   * @param sources the directory of the sources
   * @param image against whose API the plugin is compiled
   * @param work where to lay what is made
   */
  static Tools compile(Path sources, Path image, Path work)
      throws IOException, InterruptedException {
    Optional<Path> programs = Optional.empty();
    Optional<Path> compiler = compiler();
    if (compiler.isPresent()) {
      for (String name : List.of("floor", "stamp", "note")) {
        cc(compiler.get(), sources.resolve("c/" + name + ".c"), work.resolve(name));
      }
      programs = Optional.of(work);
    }
    for (String handler : List.of(STAMP, NOTE)) {
      javac(
          sources.resolve("../plugin/" + handler + ".java"),
          image.resolve("sdk/events-api.jar"),
          work);
    }
    return new Tools(programs, work, sources.resolve("sh/note"));
  }

  /** The C compiler on PATH. */
  static Optional<Path> compiler() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, "cc"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void cc(Path compiler, Path source, Path program)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                compiler.toString(), "-O2", "-static", "-o", "" + program, source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(compiler + " cannot compile \"" + source + "\":\n" + said);
    }
  }

  private static void javac(Path source, Path api, Path classes) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    List<String> arguments =
        List.of("--release", "17", "-cp", "" + api, "-d", "" + classes, source.toString());
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow(() -> new IOException("no javac: run it by a JDK"))
            .run(out, out, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IOException("javac cannot compile \"" + source + "\":\n" + said);
    }
  }

  /** Lays a step that stamps; there must be {@link #programs}. */
  void stampStep(Path file) throws IOException {
    step(programs.orElseThrow().resolve("stamp"), file);
  }

  private static void step(Path program, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.copy(program, file);
    executable(file);
  }

  /** Lays a step that notes: a program, or where none can be made a script. */
  void noteProgram(Path file) throws IOException {
    step(programs.map(directory -> directory.resolve("note")).orElse(script), file);
  }

  /** Lays a step that notes, a script. */
  void noteScript(Path file) throws IOException {
    step(script, file);
  }

  /** Lays a plugin that notes. */
  void notePlugin(Path directory) throws IOException {
    Files.createDirectories(directory);
    plugin(directory.resolve("note.jar"), NOTE, "java-noted");
  }

  /** Lays a step that does nothing. */
  void idleStep(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Lays plugins, the first of which answers the event; the others answer events of their own. */
  void plugins(Path directory, String event, int count) throws IOException {
    Files.createDirectories(directory);
    for (int number = 1; number <= count; number++) {
      plugin(
          directory.resolve("stamp" + number + ".jar"),
          STAMP,
          number == 1 ? event : event + number);
    }
  }

  private void plugin(Path jar, String handler, String event) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(handler + ".class"));
      Files.copy(handlers.resolve(handler + ".class"), out);
      out.putNextEntry(new JarEntry("META-INF/services/" + EventHandler.class.getName()));
      out.write(handler.replace('/', '.').getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("name"));
      out.write(event.getBytes(StandardCharsets.UTF_8));
    }
  }
}
