package org.nethserver.events.agent.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.nethserver.events.agent.posix.GuardedReading;

/**
 * Reads an agent's history, whether the agent runs or not. The files may be another user's, who
 * could put anything in their place: so they are read with care.
 *
 * <p>Threads: one at a time.
 */
public final class RunHistory {
  private final Path directory;
  private final GuardedReading reading;

  /** By the number of a file, how large it was when it was last read. */
  private final Map<Long, Long> read = new HashMap<>();

  private final Map<String, ProcessMark> processes = new HashMap<>();
  private long dropped;

  private RunHistory(Path directory, GuardedReading reading) {
    this.directory = directory;
    this.reading = reading;
  }

  /**
   * Opens the history of an agent.
   *
   * @param state the agent's directory
   * @throws NoSuchFileException if there is none
   * @throws IOException if it cannot be read
   */
  public static RunHistory of(Path state) throws IOException {
    Path directory = Segments.in(state);
    Map<String, Object> owner =
        Files.readAttributes(directory, "unix:isDirectory,uid,gid", LinkOption.NOFOLLOW_LINKS);
    if (!Boolean.TRUE.equals(owner.get("isDirectory"))) {
      throw new IOException(directory + " is no directory");
    }
    return new RunHistory(
        directory, new GuardedReading(number(owner, "uid"), List.of(number(owner, "gid"))));
  }

  private static int number(Map<String, Object> attributes, String name) throws IOException {
    if (attributes.get(name) instanceof Integer number) {
      return number;
    }
    throw new IOException("a file has no " + name);
  }

  /**
   * Returns all runs, the oldest first.
   *
   * @param output of which runs to keep what their steps wrote
   * @throws IOException if they cannot be read
   */
  public List<RecordedRun> runs(Predicate<RecordedRun> output) throws IOException {
    read.clear();
    processes.clear();
    dropped = 0;
    return news(output);
  }

  /**
   * Returns the runs in files that have changed since the last look; some have been told before.
   *
   * @param output of which runs to keep what their steps wrote
   * @throws IOException if they cannot be read
   */
  public List<RecordedRun> news(Predicate<RecordedRun> output) throws IOException {
    Map<String, RecordedRun> runs = new LinkedHashMap<>();
    TreeMap<Long, Path> files = Segments.files(directory);
    read.keySet().retainAll(files.keySet());
    for (Map.Entry<Long, Path> file : files.entrySet()) {
      try {
        long size = size(file.getValue());
        Long before = read.put(file.getKey(), size);
        if (before == null || before != size) {
          read(file.getValue(), runs, output);
        }
      } catch (IOException e) {
        if (Files.exists(file.getValue(), LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
        // It was the oldest, and went meanwhile.
      }
    }
    List<RecordedRun> all = new ArrayList<>();
    runs.values()
        .forEach(run -> all.add(isLost(run) ? run.withOutcome(RecordedRun.INTERRUPTED) : run));
    all.sort(Comparator.comparing(RecordedRun::began));
    return all;
  }

  private static long size(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
  }

  private void read(Path file, Map<String, RecordedRun> runs, Predicate<RecordedRun> output)
      throws IOException {
    String text = new String(reading.read(file), StandardCharsets.UTF_8);
    int start = 0;
    // What has no end yet is being written, or was left by a crash.
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      HistoryLine.read(text.substring(start, end))
          .ifPresent(
              line -> {
                switch (line) {
                  case HistoryLine.Process(ProcessMark mark) -> processes.put(mark.name(), mark);
                  case HistoryLine.Dropped(long more) -> dropped += more;
                  case HistoryLine.Run(RecordedRun run) ->
                      runs.put(run.key(), output.test(run) ? run : run.withoutOutput());
                }
              });
      start = end + 1;
    }
  }

  /** A run without an end goes on for as long as its process lives. */
  private boolean isLost(RecordedRun run) {
    if (!run.outcome().equals(RecordedRun.RUNNING)) {
      return false;
    }
    ProcessMark process = processes.get(run.key().substring(0, run.key().lastIndexOf('-') + 1));
    return process == null || !process.isAlive();
  }

  /** Returns how many runs were not written, of those that would still be there. */
  public long dropped() {
    return dropped;
  }
}
