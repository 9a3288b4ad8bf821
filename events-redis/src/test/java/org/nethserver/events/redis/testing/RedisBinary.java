package org.nethserver.events.redis.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The redis-server program that the tests run: the one that the system property {@value #PROPERTY}
 * names, else the one on PATH, else the one that the build lays beside the image for the demo.
 */
public final class RedisBinary {
  /** The system property with the path of a redis-server. */
  public static final String PROPERTY = "events.redis-server";

  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)\\.");

  private RedisBinary() {}

  /**
   * Returns the program.
   *
   * @throws IllegalStateException if there is none; the message says what to do
   */
  public static Path path() {
    return named()
        .or(RedisBinary::onPath)
        .or(RedisBinary::ofDemo)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no redis-server: install it, or name one with -D" + PROPERTY + "=/path"));
  }

  private static Optional<Path> named() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .filter(Files::isExecutable);
  }

  private static Optional<Path> onPath() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> ofDemo() {
    return Stream.of("distribution", "../distribution", ".")
        .map(module -> Path.of(module, "target", "demo", "redis-server").toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Returns its version. */
  public static Version version() {
    try {
      Process process =
          new ProcessBuilder(path().toString(), "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = VERSION.matcher(text);
      if (!matcher.find()) {
        throw new IllegalStateException("no version in: " + text);
      }
      return new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + path(), e);
    }
  }

  /**
   * A version.
   *
   * @param major such as 7
   * @param minor such as 0
   */
  public record Version(int major, int minor) {
    /** Returns whether it is this major version or a later one. */
    public boolean isAtLeast(int wanted) {
      return major >= wanted;
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }
}
