package org.nethserver.events.redis.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server's directory as a file system of its own, which can be filled: a tmpfs in a mount
 * namespace that ends with the server.
 */
public final class SmallDisk {
  /** Takes a directory, and what to run when the disk is there. */
  private static final List<String> PROGRAM =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-c",
          "mount -t tmpfs -o size=128m tmpfs \"$0\" && exec \"$@\"");

  private final Path filler;

  /**
   * Reaches the disk of a server from outside.
   *
   * @param server one of {@link #start}
   */
  public SmallDisk(RedisServer server) {
    this.filler = Path.of("/proc/" + server.pid() + "/root" + server.directory() + "/filler");
  }

  /** Returns what stands against it on this machine, or nothing. */
  public static String missing() {
    try {
      Path directory = Files.createTempDirectory("disk-test");
      Process trial =
          new ProcessBuilder(
                  Stream.concat(PROGRAM.stream(), Stream.of(directory.toString(), "true")).toList())
              .redirectErrorStream(true)
              .start();
      String said = new String(trial.getInputStream().readAllBytes(), UTF_8).strip();
      boolean works = trial.waitFor() == 0;
      Files.delete(directory);
      return works ? "" : "a file system of one's own needs root: " + said;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Starts a server, as {@link RedisServer#start} does, in a directory that is such a disk. */
  public static RedisServer start(String... options) {
    return RedisServer.startBy(PROGRAM, options);
  }

  /** Leaves no room, but for the rest of a block. */
  public void fill() throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Gives the room back. */
  public void free() throws IOException {
    Files.delete(filler);
  }
}
