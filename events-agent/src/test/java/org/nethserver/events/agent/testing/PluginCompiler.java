package org.nethserver.events.agent.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nethserver.events.api.EventHandler;

/** Makes jars of sources, as a plugin's author would. */
public final class PluginCompiler {
  /** Where a class file has the lower byte of its version. */
  private static final int VERSION_OFFSET = 7;

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> resources = new LinkedHashMap<>();
  private final List<Path> libraries = new ArrayList<>();
  private final Manifest manifest = new Manifest();
  private int classVersion;

  /** Begins a jar. */
  public PluginCompiler() {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
  }

  /** Adds a class; its text begins with {@code package}. */
  public PluginCompiler type(String name, String text) {
    sources.put(name.replace('.', '/') + ".java", text);
    return this;
  }

  /** Adds a descriptor that requires the API. */
  public PluginCompiler module(String name, String directives) {
    sources.put(
        "module-info.java",
        "module " + name + " { requires org.nethserver.events.api; " + directives + " }");
    return this;
  }

  /** Adds a class that is a handler: its step, one event, and what its {@code handle} does. */
  public PluginCompiler handler(String name, String step, String event, String handle) {
    int dot = name.lastIndexOf('.');
    return type(
        name,
        """
        package %s;
        import java.util.Set;
        import org.nethserver.events.api.*;
        public class %s implements EventHandler {
          public String step() { return "%s"; }
          public Set<String> events() { return Set.of("%s"); }
          public HandlerResult handle(Event event, HandlerContext context) throws Exception {
            %s
          }
        }
        """
            .formatted(name.substring(0, dot), name.substring(dot + 1), step, event, handle));
  }

  /** Lets the classes look as if they were compiled for another Java. */
  public PluginCompiler classVersion(int other) {
    classVersion = other;
    return this;
  }

  /** Names a provider in {@code META-INF/services}. */
  public PluginCompiler service(Class<?> service, String provider) {
    return resource("META-INF/services/" + service.getName(), provider + "\n");
  }

  /** Adds a file. */
  public PluginCompiler resource(String name, String text) {
    resources.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a line to the manifest. */
  public PluginCompiler manifest(String name, String value) {
    manifest.getMainAttributes().putValue(name, value);
    return this;
  }

  /** Compiles against a jar. */
  public PluginCompiler library(Path jar) {
    libraries.add(jar);
    return this;
  }

  /** A modular jar with one handler. */
  public static PluginCompiler modular(String module, String step, String event, String handle) {
    String type = module + ".Handler";
    return new PluginCompiler()
        .handler(type, step, event, handle)
        .module(module, "provides org.nethserver.events.api.EventHandler with " + type + ";");
  }

  /** A plain jar with one handler. */
  public static PluginCompiler plain(String pack, String step, String event, String handle) {
    String type = pack + ".Handler";
    return new PluginCompiler()
        .handler(type, step, event, handle)
        .service(EventHandler.class, type);
  }

  /** Writes the jar, aside and then renamed, and returns its path. */
  public Path jar(Path jar) {
    try {
      Path work = Files.createTempDirectory("plugin-");
      try {
        write(compile(work), jar);
        return jar;
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path compile(Path work) throws IOException {
    Path classes = Files.createDirectory(work.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), path(), libraries()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve("sources").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (!sources.isEmpty() && javac.run(out, out, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError(said + "\n" + sources.values());
    }
    return classes;
  }

  private String path() {
    return sources.containsKey("module-info.java") ? "--module-path" : "--class-path";
  }

  private String libraries() {
    return Stream.concat(libraries.stream(), Stream.of(api()))
        .map(Path::toString)
        .collect(Collectors.joining(":"));
  }

  private static Path api() {
    try {
      return Path.of(
          EventHandler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private void write(Path classes, Path jar) throws IOException {
    Files.createDirectories(jar.toAbsolutePath().getParent());
    Path aside = jar.resolveSibling("." + jar.getFileName());
    try (OutputStream file = Files.newOutputStream(aside);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> all = Files.walk(classes)) {
      for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        byte[] bytes = Files.readAllBytes(path);
        if (classVersion != 0) {
          bytes[VERSION_OFFSET] = (byte) classVersion;
        }
        out.write(bytes);
      }
      for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
        out.putNextEntry(new JarEntry(resource.getKey()));
        out.write(resource.getValue());
      }
    }
    Files.move(aside, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
