package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a module exports, requires and provides is a promise: a change of it is made on purpose, in
 * {@code src/test/resources/modules}. To write these files anew:
 *
 * <pre>mvn -q verify -Dtest=none -Dit.test=ModulesIT -Drenew=true</pre>
 */
final class ModulesIT {
  @ParameterizedTest
  @ValueSource(strings = {"events-api", "events-redis", "events-exec", "events-agent"})
  void descriptionIsTheAgreedOne(String artifact) throws IOException {
    Path agreed = Path.of("src/test/resources/modules", artifact + ".txt");
    String description = describe(jar(artifact));
    if (Boolean.getBoolean("renew")) {
      Files.writeString(agreed, description);
    }
    assertEquals(Files.readString(agreed), description);
  }

  private static Path jar(String artifact) throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target/modules"))) {
      List<Path> found =
          jars.filter(jar -> jar.getFileName().toString().startsWith(artifact + "-")).toList();
      assertEquals(1, found.size(), () -> "jars of " + artifact + ": " + found);
      return found.getFirst();
    }
  }

  /** As {@code jar --describe-module} tells it, without version and place. */
  private static String describe(Path jar) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int code =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(writer, writer, "--describe-module", "--file", jar.toString());
    assertEquals(0, code, said::toString);
    assertTrue(said.toString().contains("@"), said::toString);
    return said.toString()
        .lines()
        .map(line -> line.replaceFirst("@.*", ""))
        .filter(line -> !line.isBlank())
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
