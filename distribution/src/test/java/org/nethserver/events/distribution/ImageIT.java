package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image that the build made: it starts from anywhere, from its cache, and can be made again.
 */
final class ImageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MAIN = "org.nethserver.events.agent/org.nethserver.events.agent.Main";

  /** A port where nothing listens: the agent stays up and goes on trying. */
  private static final String NOWHERE = "127.0.0.1:1";

  /** Made by a shell, since this JVM may know no é itself. */
  private static final String WITH_UTF8_ARGUMENT =
      "exec \"$0\" \"$(printf 'no such  * \\303\\251\\ncommand')\"";

  private static final String WITH_UTF8_DIRECTORY =
      """
      steps=$(printf 'steps \\303\\251') && mkdir -p "$steps/tried" &&
      printf '#!/bin/sh\\necho "it works"\\n' > "$steps/tried/10tell" &&
      chmod 755 "$steps/tried/10tell" && touch environment &&
      exec "$0" test tried "--eventsdir=$steps"
      """;

  private final Image image = new Image(Path.of("target/events").toAbsolutePath());

  @TempDir Path directory;

  @Nested
  final class Cache {
    @Test
    void holdsNearlyAllClassesThatTheAgentLoads() throws IOException, InterruptedException {
      Path loads = directory.resolve("loads.txt");
      List<String> command =
          List.of(
              image.java().toString(),
              "@" + image.options(),
              "-XX:AOTCache=" + image.cache(),
              "-Xlog:class+load:file=" + loads,
              "-m",
              MAIN,
              "agent",
              "--agentid=cached",
              "--eventsdir=");
      try (Run run = new Run(command, directory)) {
        run.awaitOutput("Not subscribed");
        run.drain();
      }
      List<String> lines = Files.readAllLines(loads);
      List<String> loaded = lines.stream().filter(line -> line.contains(" source: ")).toList();
      List<String> missed =
          loaded.stream().filter(line -> !line.contains("shared objects file")).toList();
      assertTrue(loaded.size() > 1000, () -> "only " + loaded.size() + " classes were loaded");
      assertTrue(
          missed.size() < loaded.size() / 10,
          () ->
              missed.size()
                  + " of "
                  + loaded.size()
                  + " classes did not come from the cache, such as "
                  + missed.stream().limit(5).toList());
    }

    @Test
    void isMappedWhenTheMovedImageIsStartedThroughLinksWithoutEnvironment()
        throws IOException, InterruptedException {
      Path moved = directory.resolve("a place/events");
      copy(image.directory(), moved);
      Path first = Files.createSymbolicLink(directory.resolve("first"), moved.resolve("bin"));
      Path link = first.resolve("events-agent");
      Path second = Files.createSymbolicLink(directory.resolve("second"), link);
      Path third = Files.createSymbolicLink(directory.resolve("third"), second.getFileName());
      try (Run run =
          new Run(List.of(third.toString(), "--agentid=moved", "--eventsdir="), Path.of("/"))) {
        run.awaitOutput("Not subscribed");
        String maps = Files.readString(Path.of("/proc/" + run.process.pid() + "/maps"));
        assertTrue(maps.contains(moved + "/lib/events.aot"), maps);
        run.drain();
      }
    }
  }

  @Nested
  final class Launchers {
    @Test
    void startFromAnyDirectoryByARelativePath() throws IOException, InterruptedException {
      for (Map.Entry<Path, String> start :
          Map.of(
                  image.directory(), "bin/events",
                  image.directory().resolve("bin"), "./events",
                  image.directory().getParent(), "events/bin/events")
              .entrySet()) {
        try (Run run = new Run(List.of(start.getValue(), "--version"), start.getKey())) {
          assertEquals(0, run.end(), run::output);
          assertTrue(run.output().startsWith("events "), run::output);
        }
      }
    }

    @Test
    void startByNameOnPath() throws IOException, InterruptedException {
      String bin = image.directory().resolve("bin").toString();
      List<String> command =
          List.of("/bin/sh", "-c", "PATH=$PATH:" + bin + "; exec events --version");
      try (Run run = new Run(command, directory)) {
        assertEquals(0, run.end(), run::output);
      }
    }

    @Test
    void passArgumentsAsTheyAre() throws IOException, InterruptedException {
      String launcher = image.directory().resolve("bin/events").toString();
      try (Run run = new Run(List.of("/bin/sh", "-c", WITH_UTF8_ARGUMENT, launcher), directory)) {
        assertEquals(2, run.end(), run::output);
        assertTrue(run.output().contains("no such  * é"), run::output);
      }
    }

    @Test
    void findFilesWhoseNamesAreUtf8WithoutLocale() throws IOException, InterruptedException {
      String launcher = image.directory().resolve("bin/events").toString();
      List<String> command = List.of("/bin/sh", "-c", WITH_UTF8_DIRECTORY, launcher);
      try (Run run = new Run(command, directory)) {
        assertEquals(0, run.end(), run::output);
        assertTrue(run.output().contains("it works"), run::output);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LANG=it_IT.UTF-8", "LC_ALL=POSIX", "LC_ALL= LC_CTYPE=de_DE"})
    void showStepsTheLocaleThatTheyWereGiven(String given)
        throws IOException, InterruptedException {
      Path step = directory.resolve("steps/locale-asked/10tell");
      Files.createDirectories(step.getParent());
      Files.writeString(
          step, "#!/bin/sh\necho \"($(env | grep -E '^LC_|^LANG|^EVENTS_' | sort | xargs))\"\n");
      Files.setPosixFilePermissions(step, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createFile(directory.resolve("environment"));
      List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i"));
      command.addAll(given.isEmpty() ? List.of() : List.of(given.split(" ")));
      command.addAll(
          List.of(
              image.directory().resolve("bin/events").toString(),
              "test",
              "locale-asked",
              "--eventsdir=steps"));
      try (Run run = new Run(command, directory)) {
        assertEquals(0, run.end(), run::output);
        assertTrue(run.output().contains("(" + given + ")\n"), run::output);
      }
    }

    @Test
    void areTheOnlyProgramsBesideTheJvm() throws IOException {
      try (Stream<Path> programs = Files.list(image.directory().resolve("bin"))) {
        assertEquals(
            List.of("events", "events-agent", "java"),
            programs.map(program -> program.getFileName().toString()).sorted().toList());
      }
    }
  }

  @Nested
  final class MadeAgain {
    @Test
    void imageIsTheSameButForItsCache() throws IOException, InterruptedException {
      // Tests that ran before in this JVM may have done so.
      try (Stream<Path> own =
          Files.walk(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules"))) {
        assertTrue(own.count() > 0);
      }
      Image again = new Image(directory.resolve("again"));
      again.link(Path.of("target/linked-modules"));
      again.launchers(Path.of("src/main/launcher"));
      again.notices(
          Path.of("../LICENSE"),
          Path.of("target/sbom.cdx.json"),
          Build.list(Path.of("target/linked-modules")));
      again.sdk(version()).write(Path.of("target/sdk"), Path.of("src/main/sdk/events-api.pom"));
      again.samples(Path.of("samples"));
      again.schema(
          Path.of(
              "../events-agent/src/main/resources/org/nethserver/events/agent/settings/"
                  + "agents.schema.json"));
      again.schema(
          Path.of(
              "../events-agent/src/main/resources/org/nethserver/events/agent/policy/"
                  + "handler.schema.json"));
      again.monitoring(Path.of("src/main/monitoring"));
      again.library(Path.of("../events-exec/target/native/libevents-exec.so"));
      again.demo(directory.resolve("classes"));
      Map<String, String> expected = files(image.directory());
      expected.remove("lib/events.aot");
      assertEquals(expected, files(again.directory()));
    }

    @Test
    void jarsCarryNoTimeOfTheirOwn() throws IOException {
      List<Path> ours =
          Build.list(Path.of("target/modules")).stream()
              .filter(jar -> jar.getFileName().toString().startsWith("events-"))
              .toList();
      assertEquals(4, ours.size(), ours::toString);
      for (Path path : ours) {
        try (JarFile jar = new JarFile(path.toFile())) {
          assertEquals(
              1, jar.stream().mapToLong(JarEntry::getTime).distinct().count(), path::toString);
        }
      }
    }
  }

  @Nested
  final class Contents {
    @Test
    void nameTheLicenceOfAllThatIsLinked() throws IOException {
      Path legal = image.directory().resolve("legal");
      String bom = Files.readString(legal.resolve("sbom.cdx.json"));
      assertAll(
          () -> assertTrue(Files.exists(image.directory().resolve("LICENSE"))),
          () -> assertTrue(Files.exists(legal.resolve("java.base/LICENSE"))),
          () -> assertTrue(bom.contains("\"lettuce-core\"")),
          () -> assertTrue(bom.contains("\"picocli\"")),
          () -> assertFalse(bom.contains("\"embedded-redis\"")),
          () -> assertFalse(bom.contains("\"mockito-core\"")));
    }

    @Test
    void haveTheApiAsAMavenRepositoryWithItsSourcesAndJavadoc() throws IOException {
      Path sdk = image.directory().resolve("sdk");
      Path home = sdk.resolve("org/nethserver/events/events-api").resolve(version());
      String base = "events-api-" + version();
      assertEquals(
          List.of(
              base + "-javadoc.jar",
              base + "-javadoc.jar.sha1",
              base + "-sources.jar",
              base + "-sources.jar.sha1",
              base + ".jar",
              base + ".jar.sha1",
              base + ".pom",
              base + ".pom.sha1"),
          Build.list(home).stream().map(file -> file.getFileName().toString()).toList());
      assertFalse(Files.readString(home.resolve(base + ".pom")).contains("<parent>"));
      assertTrue(Files.isSameFile(sdk.resolve("events-api.jar"), home.resolve(base + ".jar")));
    }

    @Test
    void haveSamplesThatAreWrittenForTheirApi() throws IOException {
      List<Path> samples = Build.list(image.directory().resolve("samples"));
      assertEquals(4, samples.size(), samples::toString);
      for (Path sample : samples) {
        String pom = Files.readString(sample.resolve("pom.xml"));
        assertTrue(pom.contains("<events.version>" + version() + "</events.version>"), pom);
        assertFalse(pom.contains("<parent>"), pom);
      }
    }

    @Test
    void haveNoRedisServer() throws IOException {
      List<String> names = new ArrayList<>(files(image.directory()).keySet());
      assertEquals(
          List.of(), names.stream().filter(name -> name.contains("redis-server")).toList());
      assertTrue(Files.isExecutable(Path.of("target/demo/redis-server")));
    }
  }

  private String version() throws IOException {
    Path versions = image.directory().resolve("sdk/org/nethserver/events/events-api");
    return Build.list(versions).getFirst().getFileName().toString();
  }

  /** Each file's permissions with its content's hash, or where it leads. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(file -> !Files.isDirectory(file)).toList()) {
        String mode =
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        files.put(
            root.relativize(file).toString(),
            Files.isSymbolicLink(file)
                ? "-> " + Files.readSymbolicLink(file)
                : mode + " " + Build.digest(List.of(file)));
      }
    }
    return files;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  /** A started program with next to no environment. */
  private static final class Run implements AutoCloseable {
    private final Process process;
    private final Path output;

    Run(List<String> command, Path workingDirectory) throws IOException {
      output = Files.createTempFile("image", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(workingDirectory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().put("REDIS_ADDRESS", NOWHERE);
      process = builder.start();
    }

    String output() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void awaitOutput(String text) throws InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!output().contains(text)) {
        boolean alive = !process.waitFor(10, TimeUnit.MILLISECONDS);
        assertTrue(
            alive && System.nanoTime() < deadline,
            () -> "waited for \"" + text + "\" in: " + output());
      }
    }

    /** Asks the agent to end when it is done, and waits until it has. */
    void drain() throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).start().waitFor();
      assertEquals(0, end(), this::output);
    }

    int end() throws InterruptedException {
      assertTrue(
          process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS),
          () -> "still runs, and said: " + output());
      return process.exitValue();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
