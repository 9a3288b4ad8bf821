package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of its own for what is compiled, as long as something is measured. */
record Workshop(Path directory, Tools tools) implements AutoCloseable {
  /**
   * Compiles the tools.
   *
   * @throws IllegalArgumentException if there is no image
   */
  static Workshop open(Path sources, Path image) throws IOException, InterruptedException {
    if (!Files.isExecutable(Subject.program(image))) {
      throw new IllegalArgumentException(
          "no image at \"%s\"; build it: mvn -q -DskipTests package".formatted(image));
    }
    Path directory = Files.createTempDirectory("events-benchmarks");
    return new Workshop(directory, Tools.compile(sources, image, directory));
  }

  @Override
  public void close() throws IOException {
    Home.deleteTree(directory);
  }
}
