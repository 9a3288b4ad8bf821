package org.nethserver.events.agent.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Steps that outlived the process which had started them. */
public final class Leftovers {
  private static final Path PROC = Path.of("/proc");
  private static final String VARIABLE = "\0AGENT_STEP_RUN=";
  private static final int SIGKILL = 9;

  /** A process that starts others faster than they can be killed is left after so many rounds. */
  private static final int ROUNDS = 10;

  private Leftovers() {}

  /**
   * Kills all processes that come of some starts of steps, so that what is repeated does not run
   * twice at once. Reads all of {@code /proc}.
   *
   * @param prefix what the names of these starts begin with, which nobody else's do
   * @return how many there were
   */
  public static int kill(String prefix) {
    int killed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int found = killOnce(VARIABLE + prefix);
      if (found == 0) {
        break;
      }
      killed += found;
    }
    return killed;
  }

  private static int killOnce(String variable) {
    int found = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        if (environment(process).contains(variable)) {
          SystemCalls.kill(Integer.parseInt(process.getFileName().toString()), SIGKILL);
          found++;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // What was found so far must do.
      return found;
    }
    return found;
  }

  private static String environment(Path process) {
    try {
      return "\0"
          + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // Another user's, or ended just now.
      return "";
    }
  }
}
