package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.StateDirectories;
import org.nethserver.events.agent.journal.StateFile;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;

/**
 * Where an agent with a journal keeps what it has run. That it can be written is really tried, by a
 * file that is removed at once.
 */
final class State implements Examination {
  /** What the agent writes before it compacts, and as much for the new file. */
  private static final long LEAST_ROOM = 4L << 20;

  /** More than the smallest block, or nothing of the disk would be asked for. */
  private static final int TRIED = 8192;

  private final StateDirectories states;
  private final String agent;

  State(StateDirectories states, String agent) {
    this.states = states;
    this.agent = agent;
  }

  @Override
  public List<Finding> findings() throws IOException {
    List<Finding> findings = new ArrayList<>();
    Path directory = states.path(agent);
    Path there = existing(directory);
    if (!there.equals(directory)) {
      findings.add(
          note(
              "state-dir", directory + " is not there yet: the agent makes it at its first start"));
    } else {
      try {
        states.check(agent);
        findings.add(ok("state-dir", directory.toString()));
      } catch (IOException e) {
        findings.add(
            Finding.told(
                "state-dir",
                Severity.PROBLEM,
                String.valueOf(e.getMessage()),
                "run the doctor as the agent's user"));
      }
    }
    findings.add(writable(there));
    findings.add(running(directory));
    return findings;
  }

  /** The directory, or the nearest above it. */
  private static Path existing(Path directory) {
    Path there = directory;
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  private static Finding writable(Path directory) {
    @Nullable Path tried = null;
    try {
      tried = Files.createTempFile(directory, ".doctor-", "");
      Files.write(tried, new byte[TRIED]);
      long room = Files.getFileStore(directory).getUsableSpace();
      return room < LEAST_ROOM
          ? warning(
              "state-room",
              "%d KiB are left on the disk of %s".formatted(room >> 10, directory),
              "make room: without it, what runs may run again after a restart")
          : ok("state-room", directory + " can be written");
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      return why.contains("No space left")
          ? problem(
              "state-room",
              "no space is left on the disk of " + directory + ", or no inode",
              "make room (df, df -i): without it, what runs may run again after a restart")
          : problem(
              "state-room",
              directory + " cannot be written: " + e.getClass().getSimpleName(),
              "let the agent's user write there: run chown, or remount it read-write");
    } finally {
      remove(tried);
    }
  }

  private static void remove(@Nullable Path tried) {
    try {
      if (tried != null) {
        Files.deleteIfExists(tried);
      }
    } catch (IOException e) {
      tried.toFile().deleteOnExit();
    }
  }

  /** Not by trying to lock it: an agent that starts just then would give up. */
  private static Finding running(Path directory) {
    OptionalLong holder = LockHolder.of(StateFile.lock(directory));
    return holder.isPresent()
        ? ok("process", "an agent runs here, process " + holder.getAsLong())
        : note("process", "no process keeps this agent's journal now");
  }
}
