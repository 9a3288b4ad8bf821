package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This machine, where what is written is written elsewhere: packages can be installed and purged on
 * it, and nothing of that is seen outside. Its processes end with the script that started them.
 */
final class CopiedMachine {
  /** Mounts the copy, where nobody else sees it, and what a machine needs besides files. */
  private static final String ENTER =
      """
      mount -t overlay overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" "$1/root"
      mount -t proc proc "$1/root/proc"
      mount --rbind /dev "$1/root/dev"
      mount -t tmpfs tmpfs "$1/root/run"
      mount --bind "$2" "$1/root/mnt"
      exec chroot "$1/root" /bin/sh -e
      """;

  private final Path directory;
  private final Path packages;

  /**
   * Makes the copy.
   *
   * @param directory for what is written
   * @param packages a directory that scripts find as {@code /mnt}
   */
  CopiedMachine(Path directory, Path packages) throws IOException, InterruptedException {
    this.directory = directory;
    this.packages = packages.toAbsolutePath();
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
    for (String name : List.of("written", "work", "root")) {
      Files.createDirectories(directory.resolve(name));
    }
    Result tried = run("true");
    assumeTrue(tried.code() == 0, "needs overlayfs and namespaces: " + tried.said());
  }

  /** Skips a test that needs a program which is not on this machine. */
  static void assumeProgram(String name) {
    assumeTrue(
        Stream.of("/usr/bin/", "/bin/").anyMatch(bin -> Files.isExecutable(Path.of(bin + name))),
        "there is no " + name);
  }

  /**
   * How a script ended.
   *
   * @param code its exit code
   * @param said to both outputs
   */
  record Result(int code, String said) {}

  /** Runs a script on the copy and returns what it said; it must end well. */
  String succeed(String script) throws IOException, InterruptedException {
    Result result = run(script);
    assertTrue(result.code() == 0, () -> "exit code " + result.code() + ": " + result.said());
    return result.said();
  }

  Result run(String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "/bin/sh",
                "-ec",
                ENTER,
                "enter",
                directory.toString(),
                packages.toString())
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = shell.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(10, TimeUnit.SECONDS), said);
    return new Result(shell.exitValue(), said);
  }

  /** Returns what is written and not deleted again, below some directories. */
  List<String> written(String... places) throws IOException {
    Path written = directory.resolve("written");
    List<String> found = List.of();
    for (String place : places) {
      Path root = written.resolve(place);
      if (Files.exists(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          found =
              Stream.concat(
                      found.stream(),
                      files
                          .filter(file -> file.toString().contains("events"))
                          // What the overlay notes as deleted is a device.
                          .filter(file -> Files.isDirectory(file) || Files.isRegularFile(file))
                          .map(file -> written.relativize(file).toString()))
                  .collect(Collectors.toList());
        }
      }
    }
    return found;
  }
}
