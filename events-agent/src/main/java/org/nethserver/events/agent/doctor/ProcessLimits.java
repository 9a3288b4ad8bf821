package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nethserver.events.api.spi.Finding;

/** Whether a process may open and start as much as its agents will want at once. */
final class ProcessLimits implements Examination {
  /** Three pipes and the process itself. */
  private static final int FILES_OF_A_STEP = 4;

  /** What the JVM, the connection, the watch of directories and the log have open. */
  private static final int OTHER_FILES = 64;

  /** Threads count as well. */
  private static final int OTHER_PROCESSES = 64;

  private final Path process;
  private final int places;

  /**
   * Makes one.
   *
   * @param process its directory in {@code /proc}
   * @param places how many steps run at once
   */
  ProcessLimits(Path process, int places) {
    this.process = process;
    this.places = places;
  }

  @Override
  public List<Finding> findings() throws IOException {
    String limits = Files.readString(process.resolve("limits"));
    return List.of(files(limits, places), processes(limits, places), pids());
  }

  static Finding files(String limits, int places) {
    int needed = FILES_OF_A_STEP * places + OTHER_FILES;
    OptionalLong limit = soft(limits, "Max open files");
    return limit.isPresent() && limit.getAsLong() < needed
        ? problem(
            "files",
            "%d open files are allowed, and %d steps at once need %d"
                .formatted(limit.getAsLong(), places, needed),
            "set LimitNOFILE=%d in the agent's unit, or a lower --max-concurrency"
                .formatted(Math.max(1024, needed)))
        : ok("files", "%s open files are allowed, %d are needed".formatted(shown(limit), needed));
  }

  static Finding processes(String limits, int places) {
    int needed = places + OTHER_PROCESSES;
    OptionalLong limit = soft(limits, "Max processes");
    return limit.isPresent() && limit.getAsLong() < needed
        ? warning(
            "processes",
            "%d processes are allowed for the user, and %d steps at once need at least %d"
                .formatted(limit.getAsLong(), places, needed),
            "set LimitNPROC= in the agent's unit, or a lower --max-concurrency")
        : ok("processes", shown(limit) + " processes are allowed for the user");
  }

  private Finding pids() throws IOException {
    for (Path group : Cgroup.of(process)) {
      OptionalLong limit = Cgroup.number(group.resolve("pids.max"));
      if (limit.isPresent() && limit.getAsLong() < places + OTHER_PROCESSES) {
        return warning(
            "pids",
            "the control group %s allows %d processes and threads, and %d steps at once need at"
                    .formatted(group, limit.getAsLong(), places)
                + " least "
                + (places + OTHER_PROCESSES),
            "set TasksMax= in the agent's unit");
      }
    }
    return Cgroup.of(process).isEmpty()
        ? note("pids", "not known: no control group of version 2 is mounted")
        : ok("pids", "the control group allows enough processes");
  }

  private static String shown(OptionalLong limit) {
    return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unlimited";
  }

  /** Returns a soft limit; empty if there is none. */
  private static OptionalLong soft(String limits, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + " +(\\d+) ").matcher(limits);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
