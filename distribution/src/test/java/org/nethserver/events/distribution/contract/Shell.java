package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands of the test itself. */
final class Shell {
  private static final int LIMIT_SECONDS = 60;

  private Shell() {}

  /** Runs a script of sh(1) and returns its output; fails the test if the script does. */
  static String run(String script) {
    return run(List.of("sh", "-c", script));
  }

  /** Runs a command and returns what it wrote to both streams; fails the test if it fails. */
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(command + " ends with " + process.exitValue() + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Sends a signal, such as {@code TERM}. */
  static void signal(String name, long pid) {
    run("kill -" + name + " " + pid);
  }
}
