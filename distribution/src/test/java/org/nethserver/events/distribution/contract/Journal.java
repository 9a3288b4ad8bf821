package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A real journald in a mount name space of its own, which agents can be started in. */
final class Journal implements AutoCloseable {
  private static final Path JOURNALD = Path.of("/lib/systemd/systemd-journald");
  private static final String READY = "ready\n";

  /** Keeps the name space, until its input ends: at the latest with this JVM. */
  private final Process holder;

  private final Process journald;

  /** Starts journald. */
  Journal() {
    try {
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
      if (holder.getInputStream().readNBytes(READY.length()).length == 0) {
        throw new AssertionError("no private mount name space");
      }
      journald =
          new ProcessBuilder(inside(JOURNALD.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(
        "journald's sockets", () -> Files.exists(root().resolve("run/systemd/journal/stdout")));
  }

  /** Returns why there can be none here, or an empty text. */
  static String missing() {
    return Stream.of(
            Files.isExecutable(JOURNALD) ? "" : "systemd-journald is missing: install systemd",
            "root".equals(System.getProperty("user.name")) ? "" : "a private journald needs root",
            Files.exists(Path.of("/etc/machine-id")) ? "" : "journald needs /etc/machine-id")
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("");
  }

  /**
   * Returns what starts a command in a directory as systemd does: both streams lead to the journal,
   * and a variable says so.
   */
  String[] asService(Path directory) {
    return inside(
        "systemd-cat",
        "--identifier=contract",
        "sh",
        "-c",
        "cd '%s' && JOURNAL_STREAM=$(stat -L -c %%d:%%i /proc/self/fd/2) && export JOURNAL_STREAM"
                .formatted(directory)
            + " && exec \"$@\"",
        "sh");
  }

  private String[] inside(String... command) {
    return Stream.concat(
            Stream.of("nsenter", "--mount", "--target", Long.toString(holder.pid())),
            Stream.of(command))
        .toArray(String[]::new);
  }

  /** Returns the entries that match, oldest first, each as a line of JSON. */
  List<String> entries(String... matches) {
    return Shell.run(
            Stream.concat(
                    Stream.of(
                        "journalctl",
                        "--quiet",
                        "--all",
                        "--output=json",
                        "--directory=" + root().resolve("run/log/journal")),
                    Stream.of(matches))
                .toList())
        .lines()
        .filter(line -> line.startsWith("{"))
        .toList();
  }

  /** Waits until so many entries match, and returns them. */
  List<String> await(int count, String... matches) {
    Await.until(
        count + " entries for " + List.of(matches),
        Await.LIMIT,
        () -> entries(matches).size() >= count,
        () -> String.join("\n", entries()));
    return entries(matches);
  }

  /** Returns a text field of an entry, or an empty text. */
  static String field(String entry, String name) {
    String key = "\"" + name + "\":\"";
    int at = entry.indexOf(key);
    if (at < 0) {
      return "";
    }
    int start = at + key.length();
    int end = start;
    while (entry.charAt(end) != '"') {
      end += entry.charAt(end) == '\\' ? 2 : 1;
    }
    return entry.substring(start, end).replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private Path root() {
    return Path.of("/proc/" + holder.pid() + "/root");
  }

  @Override
  public void close() throws IOException {
    journald.destroyForcibly();
    holder.getOutputStream().close();
    Await.until("end of journald", () -> !journald.isAlive() && !holder.isAlive());
  }
}
