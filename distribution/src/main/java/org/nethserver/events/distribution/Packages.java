package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.nethserver.events.agent.command.EventsCommand;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Called by the build: makes the packages of the image, for Debian and for Rocky Linux. */
final class Packages {
  private static final String HOME = "/usr/lib/events";
  private static final Map<String, String> DEBIAN_NAMES =
      Map.of("amd64", "amd64", "aarch64", "arm64");
  private static final Map<String, String> RPM_NAMES =
      Map.of("amd64", "x86_64", "aarch64", "aarch64");

  private static final String ZSH = "/usr/share/zsh/site-functions";
  private static final String ZSH_OF_DEBIAN = "/usr/share/zsh/vendor-completions";

  /** What people type, with its place in the image. */
  private static final List<String> PROGRAMS = List.of("events", "events-agent");

  private final Path project;
  private final Path target;
  private final String version;
  private final Instant time;

  private Packages(Path project, String version, Instant time) {
    this.project = project;
    this.target = project.resolve("target");
    this.version = version;
    this.time = time;
  }

  /**
   * Packs the image that is there.
   *
   * @param arguments the directory of the distribution, the version, and the time of all files
   */
  public static void main(String[] arguments) throws Exception {
    Path project = Path.of(arguments[0]).toAbsolutePath().normalize();
    new Packages(project, arguments[1], Instant.parse(arguments[2])).run();
  }

  private void run() throws IOException {
    Path staged = target.resolve("packages");
    Build.delete(staged);
    Contents contents = contents(staged);
    Path scripts = project.resolve("src/main/packages");
    String sortable = sortable(version);
    String debian = named(DEBIAN_NAMES);
    new Deb(contents, sortable, debian, scripts, time)
        .write(target.resolve("events_" + sortable + "_" + debian + ".deb"));
    String rpm = named(RPM_NAMES);
    new Rpm(contents.moved(ZSH_OF_DEBIAN, ZSH), sortable, rpm, scripts, time)
        .write(target.resolve("events-" + sortable + "-1." + rpm + ".rpm"));
  }

  private static String named(Map<String, String> architectures) {
    String machine = System.getProperty("os.arch");
    return architectures.getOrDefault(machine, machine);
  }

  /** A snapshot, or a candidate, is older than the version that it is of. */
  static String sortable(String version) {
    return version.replace("-SNAPSHOT", "~snapshot").replace('-', '~');
  }

  private Contents contents(Path staged) throws IOException {
    Path root = staged.resolve("root");
    programs(directory(root.resolve("usr/bin")));
    manuals(directory(root.resolve("usr/share/man/man1")));
    completions(directory(root.resolve("usr/share/bash-completion/completions")));
    Path zsh = directory(root.resolve(ZSH_OF_DEBIAN.substring(1)));
    Files.copy(project.resolve("src/main/packages/_events"), zsh.resolve("_events"));
    Path units = project.resolve("src/main/units");
    copy(units, ".service", directory(root.resolve("usr/lib/systemd/system")));
    copy(units.resolve("user"), ".service", directory(root.resolve("usr/lib/systemd/user")));
    Path documents = directory(staged.resolve("documents"));
    copy(project.resolve("../docs"), ".md", documents);
    copy(project.resolve(".."), "CHANGELOG.md", documents);
    copy(project.resolve("src/main/packages"), "copyright", documents);
    Path empty = directory(staged.resolve("empty"));
    return Contents.none()
        .withFiles("", root)
        .with("/usr/share/doc/events", documents)
        .with(HOME, target.resolve("events"))
        .with(HOME + "/ns8", units.resolve("ns8"))
        .with(HOME + "/ns8-host", units.resolve("ns8-host"))
        .with(HOME + "/plugins", empty)
        .with("/etc/events", empty)
        .with("/etc/events/agents", empty);
  }

  private static Path directory(Path directory) throws IOException {
    return Files.createDirectories(directory);
  }

  private static void copy(Path from, String suffix, Path to) throws IOException {
    for (Path file : Build.list(from)) {
      if (file.toString().endsWith(suffix)) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void programs(Path bin) throws IOException {
    for (String program : PROGRAMS) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("../lib/events/bin", program));
    }
  }

  private void manuals(Path directory) throws IOException {
    String date = LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    for (Manual page : Manual.all(EventsCommand.commandLine(), version, date)) {
      Path file = directory.resolve(page.name() + ".1.gz");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(page.text().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void completions(Path directory) throws IOException {
    CommandLine events = EventsCommand.commandLine();
    CommandLine agent = Objects.requireNonNull(events.getSubcommands().get("agent"));
    Files.writeString(directory.resolve("events"), AutoComplete.bash("events", events));
    Files.writeString(directory.resolve("events-agent"), AutoComplete.bash("events-agent", agent));
  }
}
