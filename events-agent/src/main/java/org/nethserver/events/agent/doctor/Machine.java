package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.nethserver.events.api.spi.Finding;

/** What surrounds the agent: kernel, clock, system log, and the image that it is started from. */
final class Machine implements Examination {
  /** The first kernel with all that steps are started and waited for with. */
  private static final int MAJOR = 5;

  private static final int MINOR = 4;

  private final Path root;
  private final Path image;
  private final String maps;

  /**
   * Makes one.
   *
   * @param root the root of the file system
   * @param image the runtime image
   * @param maps what this process has mapped, as in {@code /proc/self/maps}
   */
  Machine(Path root, Path image, String maps) {
    this.root = root;
    this.image = image;
    this.maps = maps;
  }

  static Machine ofThisProcess() throws IOException {
    return new Machine(
        Path.of("/"),
        Path.of(System.getProperty("java.home")),
        Files.readString(Path.of("/proc/self/maps")));
  }

  @Override
  public List<Finding> findings() throws IOException {
    return List.of(
        kernel(Files.readString(root.resolve("proc/sys/kernel/osrelease")).strip()),
        clock(),
        log(),
        cache());
  }

  static Finding kernel(String release) {
    String[] parts = release.split("[.-]", 3);
    try {
      int major = Integer.parseInt(parts[0]);
      if (major < MAJOR || major == MAJOR && Integer.parseInt(parts[1]) < MINOR) {
        return problem(
            "kernel",
            "Linux " + release + " is too old to start steps",
            "update it to %d.%d or later".formatted(MAJOR, MINOR));
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return note("kernel", "not known what \"" + release + "\" can do");
    }
    return ok("kernel", "Linux " + release);
  }

  private Finding clock() {
    boolean synchronised =
        Stream.of(
                "run/systemd/timesync/synchronized",
                "run/chrony/chronyd.pid",
                "var/run/ntpd.pid",
                "run/ntpd.pid")
            .map(root::resolve)
            .anyMatch(Files::exists);
    return synchronised
        ? ok("clock-sync", "this machine's clock is kept by NTP")
        : note("clock-sync", "not known whether anything keeps this machine's clock");
  }

  private Finding log() {
    return Files.exists(root.resolve("run/systemd/journal/socket"))
        ? ok("journald", "journald takes the agent's lines")
        : note("journald", "there is no journald: the agent writes plain lines to its output");
  }

  /** Without it, all works and starts slowly; so somebody may not know. */
  private Finding cache() {
    Path cache = image.resolve("lib/events.aot");
    if (maps.contains("/lib/events.aot")) {
      return ok("image", image + " and its cache");
    }
    return Files.exists(cache)
        ? warning(
            "image",
            cache + " is not used: each start takes a second longer",
            "install the package again; lib/events.options and the image belong together")
        : warning(
            "image",
            cache + " is missing: each start takes a second longer",
            "install the package again");
  }
}
