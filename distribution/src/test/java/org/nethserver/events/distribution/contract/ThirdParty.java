package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An author of plugins, who has the image, a JDK and a Maven of their own: nothing of this build is
 * in that Maven's repository. What this build has already fetched need not be fetched again.
 */
final class ThirdParty {
  private static final int LIMIT_SECONDS = 300;
  private static final String SETTINGS =
      """
      <settings>
        <localRepository>%s</localRepository>
        <profiles>
          <profile>
            <id>fetched</id>
            <repositories>
              <repository><id>fetched</id><url>%2$s</url></repository>
            </repositories>
            <pluginRepositories>
              <pluginRepository><id>fetched</id><url>%2$s</url></pluginRepository>
            </pluginRepositories>
          </profile>
        </profiles>
        <activeProfiles><activeProfile>fetched</activeProfile></activeProfiles>
      </settings>
      """;

  private final Path bin;

  /**
   * Prepares a Maven.
   *
   * @param directory where it may write
   */
  ThirdParty(Path directory) {
    Path settings = directory.resolve("settings.xml");
    Path repository = Path.of("target/third-party-repository").toAbsolutePath();
    Path fetched = Path.of(System.getProperty("local.repository")).toAbsolutePath();
    Stage.write(settings, String.format(SETTINGS, repository, fetched.toUri()));
    try {
      // Nobody else's API: a snapshot is not looked for again on the same day.
      Shell.run(List.of("rm", "-rf", repository + "/org/nethserver"));
      this.bin = Files.createDirectories(directory.resolve("bin"));
      Path mvn = bin.resolve("mvn");
      String maven = System.getProperty("maven.home") + "/bin/mvn";
      Stage.write(mvn, "#!/bin/sh\nexec '" + maven + "' -B -s '" + settings + "' \"$@\"\n");
      Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script of sh(1), to which {@code mvn}, {@code javac} and {@code jar} are at hand. */
  String run(Path directory, String script) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-euc", script)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    String jdk = System.getProperty("java.home") + "/bin";
    environment.put("PATH", bin + ":" + jdk + ":" + environment.get("PATH"));
    // Those of this build are not the third party's.
    environment.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.equals("JAVA_HOME"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(script + "\nsaid:\n" + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
