package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a newcomer sees. */
@Timeout(60)
final class DemoIT {
  @TempDir Path directory;

  @Test
  void showsTheMainJobAndLeavesNothing() throws IOException, InterruptedException {
    Set<Path> before = leftovers();
    Path output = directory.resolve("output");
    Process demo =
        new ProcessBuilder(Path.of("target/events/bin/events").toAbsolutePath().toString(), "demo")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int code = demo.waitFor();
    String said = Files.readString(output);
    assertEquals(0, code, said);
    assertTrue(said.contains("user-created completed"), said);
    assertTrue(said.contains("20forgotten     is SKIPPED: not executable"), said);
    assertTrue(said.contains("20welcome       | a new user, says module/openldap1"), said);
    assertTrue(said.indexOf("20welcome       ends well") < said.indexOf("30reload "), said);
    assertTrue(said.contains("certificate-renewed aborted at 20install"), said);
    assertEquals(before, leftovers());
  }

  private static Set<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events-demo-"))
          .collect(Collectors.toSet());
    }
  }
}
