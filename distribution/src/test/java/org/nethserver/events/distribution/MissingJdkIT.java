package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The build asked for a JDK that no machine has. */
@Timeout(120)
final class MissingJdkIT {
  @Test
  void isOneClearSentence() throws IOException, InterruptedException {
    assumeTrue(mavenIsOnPath(), "there is no mvn on PATH");
    List<String> command =
        new ArrayList<>(List.of("mvn", "-q", "-o", "-N", "validate", "-Djdk.version=99"));
    String repository = System.getProperty("maven.repo.local");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    Process maven =
        new ProcessBuilder(command)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, maven.waitFor(), said);
    assertEquals(
        "JDK 99 is missing: there is none at JAVA_HOME, in /usr/lib/jvm, ~/.sdkman, ~/.jdks or"
            + " ~/.m2/toolchains.xml; install one there, such as the Debian package"
            + " temurin-99-jdk of adoptium.net (Maven itself may run on another).",
        said.lines().filter(line -> !isOfTheJvm(line)).collect(Collectors.joining("\n")));
  }

  /** A new JVM complains of what an old Maven does. */
  private static boolean isOfTheJvm(String line) {
    return line.startsWith("WARNING: ");
  }

  private static boolean mavenIsOnPath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "mvn")));
  }
}
