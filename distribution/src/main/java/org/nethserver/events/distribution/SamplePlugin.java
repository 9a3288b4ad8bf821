package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A modular jar with one handler that does nothing, for the agent to load while it is trained. */
final class SamplePlugin {
  private static final String MODULE =
      """
      module training {
        requires org.nethserver.events.api;
        provides org.nethserver.events.api.EventHandler with training.Handler;
      }
      """;

  private static final String HANDLER =
      """
      package training;

      import java.util.Set;
      import org.nethserver.events.api.Event;
      import org.nethserver.events.api.EventHandler;
      import org.nethserver.events.api.HandlerContext;
      import org.nethserver.events.api.HandlerResult;

      public final class Handler implements EventHandler {
        public String step() {
          return "15handler";
        }

        public Set<String> events() {
          return Set.of("@event@");
        }

        public HandlerResult handle(Event event, HandlerContext context) {
          context.logger().log(System.Logger.Level.INFO, "trained by {0}", event.name());
          return new HandlerResult.Success();
        }
      }
      """;

  private SamplePlugin() {}

  /** Compiles the plugin and writes its jar. */
  static void write(Path jar, String event, Path api) throws IOException {
    Path sources = Files.createDirectories(jar.resolveSibling(".sources"));
    Path classes = Files.createDirectories(jar.resolveSibling(".classes"));
    Path module = Files.writeString(sources.resolve("module-info.java"), MODULE);
    Path handler =
        Files.writeString(sources.resolve("Handler.java"), HANDLER.replace("@event@", event));
    ToolProvider javac =
        ToolProvider.findFirst("javac").orElseThrow(() -> new IOException("this JDK has no javac"));
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int code =
        javac.run(
            writer,
            writer,
            "--module-path",
            api.toString(),
            "-d",
            classes.toString(),
            module.toString(),
            handler.toString());
    if (code != 0) {
      throw new IOException("javac ended with " + code + ":\n" + said);
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      List<Path> compiled = files.filter(Files::isRegularFile).sorted().toList();
      for (Path path : compiled) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        out.write(Files.readAllBytes(path));
      }
    }
  }
}
