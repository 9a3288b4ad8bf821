package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nethserver.events.agent.systemd.Patience;

/**
 * A real journald whose /run and journal nobody else sees: it runs in a mount name space of its
 * own, which is looked into by way of /proc.
 */
final class PrivateJournal {
  static final Path JOURNALD = Path.of("/lib/systemd/systemd-journald");

  /** Holds the name space open until its input ends, thus at the latest with this JVM. */
  private final Process holder;

  private Process journald;

  PrivateJournal() throws IOException {
    holder =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount -t tmpfs none /run && mkdir -p /run/systemd/journal /run/log/journal"
                    + " && echo ready && exec cat")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] ready = holder.getInputStream().readNBytes("ready\n".length());
    assertTrue(ready.length > 0, "no private mount name space");
    journald = start();
  }

  /** Journald's socket, at a path that leads there from outside. */
  Path socket() {
    return root().resolve("run/systemd/journal/socket");
  }

  /** The command, run where the journal is at its usual path. */
  List<String> inside(List<String> command) {
    List<String> inside =
        new ArrayList<>(List.of("nsenter", "--mount", "--target", Long.toString(holder.pid())));
    inside.addAll(command);
    return inside;
  }

  /** Ends journald by force. */
  void kill() throws InterruptedException {
    journald.destroyForcibly().waitFor();
  }

  /** Starts it again after {@link #kill}. */
  void startAgain() throws IOException {
    journald = start();
  }

  /**
   * The newest entries that match, oldest first, as lines of JSON.
   *
   * @param count how many to wait for
   */
  List<String> read(String match, int count) throws IOException {
    var patience = new Patience(Duration.ofSeconds(30));
    List<String> entries;
    do {
      Process journalctl =
          new ProcessBuilder(
                  "journalctl",
                  "--quiet",
                  "--all",
                  "--output=json",
                  "--directory=" + root().resolve("run/log/journal"),
                  match)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      entries = new String(journalctl.getInputStream().readAllBytes(), UTF_8).lines().toList();
    } while (entries.size() < count && patience.pause());
    if (entries.size() != count) {
      fail(count + " entries wanted for " + match + ", there are " + entries);
    }
    return entries;
  }

  /** Ends it and leaves nothing. */
  void end() throws IOException, InterruptedException {
    kill();
    holder.getOutputStream().close();
    holder.waitFor();
  }

  private Process start() throws IOException {
    Files.deleteIfExists(socket());
    Process started =
        new ProcessBuilder(inside(List.of(JOURNALD.toString())))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var patience = new Patience(Duration.ofSeconds(30));
    while (!Files.exists(socket())) {
      assertTrue(started.isAlive() && patience.pause(), "journald makes no socket");
    }
    return started;
  }

  private Path root() {
    return Path.of("/proc/" + holder.pid() + "/root");
  }

  /** What is missing here, or nothing. */
  static String missing() {
    return Stream.of(
            Files.isExecutable(JOURNALD) ? "" : "systemd-journald is missing: install systemd",
            "root".equals(System.getProperty("user.name")) ? "" : "a private journald needs root",
            Files.exists(Path.of("/etc/machine-id")) ? "" : "journald needs /etc/machine-id")
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("");
  }
}
