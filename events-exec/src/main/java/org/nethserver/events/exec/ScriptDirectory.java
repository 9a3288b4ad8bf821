package org.nethserver.events.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepSource;

/**
 * One events directory: the files of {@code <directory>/<event>/} are the event's steps. What one
 * look-up found is used by the next only while every file and directory is what it was then; that
 * there is nothing, while the kernel tells of no change. No directory is kept open: a module may be
 * replaced as a whole, by a rename, between two events.
 */
final class ScriptDirectory implements StepSource {
  private final Path root;
  private final ScriptRunner runner;
  private final InstantSource clock;
  private final LookUpArea area;
  private final StepLookUp.Rules rules;

  /** Not more than there are directories of events. */
  private final Map<EventName, Snapshot> snapshots = new HashMap<>();

  /** From the first look-up on that finds the machinery made. */
  private @Nullable KnownNames known;

  /**
   * Makes a source.
   *
   * @param directory absolute; need not exist
   * @param trust whether files that others can change are refused
   * @param runner what runs the steps
   * @param clock the clock that files are stamped by
   */
  ScriptDirectory(Path directory, Trust trust, ScriptRunner runner, InstantSource clock) {
    this.root = directory;
    this.runner = runner;
    this.clock = clock;
    this.area = new LookUpArea(PathBytes.of(directory));
    this.rules = new StepLookUp.Rules(trust, runner);
  }

  @Override
  public String origin() {
    return area.origin();
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    return entries(new LookUp(event));
  }

  @Override
  public List<StepEntry> entries(LookUp lookUp) {
    KnownNames names = known;
    if (names == null) {
      names = runner.watch().map(this::knownBy).orElse(null);
      known = names;
    }
    return names != null && names.lack(lookUp) ? List.of() : found(lookUp.event());
  }

  private KnownNames knownBy(DirectoryWatch watch) {
    return new KnownNames(
        area.directory(),
        watch,
        clock,
        // What has no directory any more needs no snapshot.
        names -> snapshots.keySet().removeIf(name -> !names.mayHold(NameSet.hash(name.text()))));
  }

  private List<StepEntry> found(EventName event) {
    Snapshot snapshot = snapshots.get(event);
    if (snapshot != null) {
      if (snapshot.isCurrent(area.statx)) {
        return snapshot.entries();
      }
      snapshots.remove(event);
    }
    Snapshot.Maker maker = new Snapshot.Maker(clock.instant());
    List<StepEntry> entries = StepLookUp.entries(event, area, rules, maker);
    maker.make(entries).ifPresent(made -> snapshots.put(event, made));
    return entries;
  }

  @Override
  public Set<EventName> events() {
    Set<EventName> names = new TreeSet<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
      for (Path candidate : directories) {
        // A file's name can be anything; only those that an event can have matter.
        if (Files.isDirectory(candidate)) {
          eventName(candidate).ifPresent(names::add);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new UncheckedIOException(new IOException("cannot list \"" + origin() + "\"", e));
    }
    return names;
  }

  private static Optional<EventName> eventName(Path candidate) {
    try {
      return Optional.of(new EventName(String.valueOf(candidate.getFileName())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void answer(Runnable reply) {
    runner.answer(reply);
  }

  @Override
  public void close() {
    KnownNames names = known;
    if (names != null) {
      names.close();
    }
    runner.close();
    area.close();
  }
}
