package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The runtime image: a JVM with all modules linked in, and the programs that start it.
 *
 * @param directory where it lies
 */
record Image(Path directory) {
  /** Providers are named: jlink cannot bind services in a JDK that has no jmod files. */
  private static final List<String> ROOTS =
      List.of(
          "org.nethserver.events.agent",
          "org.nethserver.events.exec",
          "org.nethserver.events.redis",
          "org.apache.logging.log4j.slf4j2.impl",
          // Promised to plugins, and therefore resolved by events.options too.
          "java.net.http",
          "java.sql",
          "java.xml",
          "java.naming",
          "java.management",
          "jdk.unsupported");

  /** Of the programs of the JVM, only this one has a use here. */
  private static final Set<String> PROGRAMS = Set.of("java");

  Path cache() {
    return directory.resolve("lib/events.aot");
  }

  Path options() {
    return directory.resolve("lib/events.options");
  }

  Path java() {
    return directory.resolve("bin/java");
  }

  /** The plugins of the demo, which the agent is trained with too. */
  Path demo() {
    return directory.resolve("lib/demo");
  }

  boolean complete() {
    return Files.exists(cache());
  }

  /**
   * Links all modules found in a directory that the roots need. In a process of its own: jlink lays
   * the classes in an order that depends on what its JVM has looked up among its own before.
   */
  void link(Path modules) throws IOException, InterruptedException {
    Process jlink =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/jlink").toString(),
                "--module-path",
                modules.toString(),
                "--add-modules",
                String.join(",", ROOTS),
                "--output",
                directory.toString(),
                "--no-header-files",
                "--no-man-pages",
                "--vm=server",
                // The archive is compressed as a whole, and commands start faster from what is not.
                "--compress=zip-0",
                "--dedup-legal-notices=error-if-not-same-content")
            .redirectErrorStream(true)
            .start();
    String said = new String(jlink.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = jlink.waitFor();
    if (code != 0) {
      throw new IOException("jlink ended with " + code + ":\n" + said);
    }
    prune(directory.resolve("bin"), name -> !PROGRAMS.contains(name));
  }

  private static void prune(Path directory, Predicate<String> unused) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (unused.test(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  /** Copies the library by which scripts are started to where the JVM looks for its own. */
  void library(Path file) throws IOException {
    Files.copy(file, directory.resolve("lib").resolve(file.getFileName()));
  }

  /** Writes what people and units start. */
  void launchers(Path source) throws IOException {
    Files.copy(source.resolve("events.options"), options());
    String script = Files.readString(source.resolve("launcher.sh"));
    program("bin/events", script.replace("@arguments@", ""));
    program("bin/events-agent", script.replace("@arguments@", "agent "));
    program("lib/out-of-memory", Files.readString(source.resolve("out-of-memory.sh")));
  }

  private void program(String name, String script) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Returns what authors of plugins build against. */
  Sdk sdk(String version) {
    return new Sdk(directory.resolve("sdk"), version);
  }

  /** Copies the samples, without what building them in place has left. */
  void samples(Path source) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      Path built = Path.of("target");
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path name = source.relativize(file);
        if (!name.getName(1).equals(built)) {
          Path copy = directory.resolve("samples").resolve(name);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  /** Copies the form of the files that name agents, for editors. */
  void schema(Path source) throws IOException {
    Files.copy(source, directory.resolve("lib").resolve(source.getFileName()));
  }

  /** Copies what shows the figures of agents, and what warns of them. */
  void monitoring(Path source) throws IOException {
    Path share = Files.createDirectories(directory.resolve("share"));
    for (Path file : Build.list(source)) {
      Files.copy(file, share.resolve(file.getFileName()));
    }
  }

  /** Makes the plugin of the demo: the smallest sample. Needs samples and API. */
  void demo(Path classes) throws IOException {
    PluginJar.make(
        directory.resolve("samples/smallest/src"),
        directory.resolve("sdk/events-api.jar"),
        classes,
        demo().resolve("smallest.jar"));
  }

  /** Lays the licence and the notices of all that is linked beside those of the JDK's modules. */
  void notices(Path license, Path sbom, List<Path> jars) throws IOException {
    Files.copy(license, directory.resolve("LICENSE"));
    Files.copy(sbom, directory.resolve("legal/sbom.cdx.json"));
    for (Path path : jars) {
      try (JarFile jar = new JarFile(path.toFile())) {
        Set<JarEntry> notices = new TreeSet<>(Comparator.comparing(JarEntry::getName));
        jar.stream().filter(Image::isNotice).forEach(notices::add);
        for (JarEntry notice : notices) {
          Path copy =
              directory
                  .resolve("legal/libraries")
                  .resolve(path.getFileName().toString().replaceFirst("\\.jar$", ""))
                  .resolve(Path.of(notice.getName()).getFileName());
          Files.createDirectories(copy.getParent());
          try (InputStream content = jar.getInputStream(notice)) {
            Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  private static boolean isNotice(JarEntry entry) {
    return !entry.isDirectory()
        && entry.getName().matches("(META-INF/)?(license/)?[^/]*(LICENSE|NOTICE|COPYING)[^/]*");
  }
}
