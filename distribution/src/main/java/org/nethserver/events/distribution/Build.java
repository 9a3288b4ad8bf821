package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Called by the build: makes the image anew where anything that goes into it has changed. */
final class Build {
  private final Path project;
  private final Path target;
  private final Path license;
  private final Path sbom;
  private final Path library;
  private final String version;

  private Build(Path project, String version) {
    this.project = project;
    this.target = project.resolve("target");
    this.license = project.resolveSibling("LICENSE");
    this.sbom = target.resolve("sbom.cdx.json");
    this.library = project.resolve("../events-exec/target/native/libevents-exec.so");
    this.version = version;
  }

  /**
   * Builds what the directory of the distribution describes.
   *
   * @param arguments that directory, and the version of what is built
   */
  public static void main(String[] arguments) throws Exception {
    new Build(Path.of(arguments[0]).toAbsolutePath().normalize(), arguments[1]).run();
  }

  private void run() throws IOException, InterruptedException {
    Path redis = PrivateRedis.provide(target);
    Image image = new Image(target.resolve("events"));
    Path made = target.resolve("image.sha256");
    String digest = digest(inputs());
    if (Files.exists(made) && Files.readString(made).equals(digest) && image.complete()) {
      return;
    }
    Files.deleteIfExists(made);
    delete(image.directory());
    Path modules = target.resolve("linked-modules");
    delete(modules);
    Files.createDirectories(modules);
    NamedModules.copy(list(target.resolve("modules")), modules);
    image.link(modules);
    image.library(library);
    image.launchers(project.resolve("src/main/launcher"));
    image.notices(license, sbom, list(modules));
    image.sdk(version).write(target.resolve("sdk"), project.resolve("src/main/sdk/events-api.pom"));
    image.samples(project.resolve("samples"));
    image.schema(
        project.resolve(
            "../events-agent/src/main/resources/org/nethserver/events/agent/settings/"
                + "agents.schema.json"));
    image.schema(
        project.resolve(
            "../events-agent/src/main/resources/org/nethserver/events/agent/policy/"
                + "handler.schema.json"));
    image.monitoring(project.resolve("src/main/monitoring"));
    image.demo(target.resolve("demo-classes"));
    new Training(image, redis, target.resolve("training")).run();
    Files.writeString(made, digest);
  }

  /** What the image is made from, this program and the JDK included. */
  private List<Path> inputs() throws IOException {
    List<Path> inputs = new ArrayList<>();
    for (Path root :
        List.of(
            target.resolve("modules"),
            target.resolve("classes"),
            target.resolve("sdk"),
            project.resolve("samples"),
            project.resolve("src/main/launcher"),
            project.resolve("src/main/monitoring"),
            project.resolve("src/main/sdk"),
            license,
            sbom,
            library,
            Path.of(System.getProperty("java.home"), "release"))) {
      inputs.addAll(files(root));
    }
    return inputs;
  }

  /** Of the names and contents of files. */
  static String digest(List<Path> files) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Deletes a directory with all it holds; it need not be there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Build::deleteOne);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
