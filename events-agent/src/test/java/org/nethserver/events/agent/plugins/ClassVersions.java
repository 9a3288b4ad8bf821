package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes a jar look as if it were compiled for another Java. */
final class ClassVersions {
  private ClassVersions() {}

  static void set(Path jar, int version) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
        Stream<Path> all = Files.walk(files.getPath("/"))) {
      List<Path> classes = all.filter(path -> path.toString().endsWith(".class")).toList();
      for (Path path : classes) {
        byte[] bytes = Files.readAllBytes(path);
        bytes[7] = (byte) version;
        Files.write(path, bytes);
      }
    }
  }
}
