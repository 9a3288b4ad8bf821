package org.nethserver.events.agent.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a history. Lines are added to the last one; the first ones go when there are too
 * many. A line counts once its end is there: what a crash left of one is cut off.
 *
 * <p>Threads: one at a time.
 */
final class Segments implements AutoCloseable {
  private static final String DIRECTORY = "runs";
  private static final String LOCK = "lock";
  private static final Pattern NAME = Pattern.compile("([0-9]{6,12})\\.jsonl");
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * How much is kept.
   *
   * @param files so many files
   * @param runs so many runs in each
   * @param bytes so many bytes in each
   */
  record Bounds(int files, int runs, int bytes) {
    /** 10,000 runs or 64 MiB. A file is no larger than what is read with care. */
    static final Bounds DEFAULT = new Bounds(64, 10_000 / 64, 1 << 20);
  }

  /** Another process has the files. */
  static final class InUseException extends IOException {
    private static final long serialVersionUID = 1L;

    InUseException(Path directory) {
      super("another process writes " + directory);
    }
  }

  private final Path directory;
  private final Bounds bounds;
  private final byte[] mark;
  private final FileChannel locked;

  /** Whether the file has this process's mark. */
  private boolean marked;

  private @Nullable FileChannel file;
  private long number;
  private long size;
  private int runs;

  private Segments(Path directory, Bounds bounds, byte[] mark, FileChannel locked) {
    this.directory = directory;
    this.bounds = bounds;
    this.mark = mark;
    this.locked = locked;
  }

  /** Returns where the files of an agent's history are. */
  static Path in(Path state) {
    return state.resolve(DIRECTORY);
  }

  /**
   * Returns the files that are there, by their numbers.
   *
   * @throws IOException if nobody can tell
   */
  static TreeMap<Long, Path> files(Path directory) throws IOException {
    TreeMap<Long, Path> files = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path path : all) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          files.put(Long.valueOf(name.group(1)), path);
        }
      }
    }
    return files;
  }

  /**
   * Opens the files for this process alone.
   *
   * @param state the agent's directory, which is for this process's user alone
   * @param mark the line that each file begins with, and each process's lines
   * @throws InUseException if they are another's
   * @throws IOException if they cannot be written
   */
  static Segments open(Path state, Bounds bounds, byte[] mark) throws IOException {
    Path directory = in(state);
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // That of an earlier process.
    }
    FileChannel lock = FileChannel.open(directory.resolve(LOCK), options(false), OURS);
    Segments segments = new Segments(directory, bounds, mark, lock);
    try {
      if (!isLocked(lock)) {
        throw new InUseException(directory);
      }
      Map.Entry<Long, Path> before = files(directory).lastEntry();
      if (before != null) {
        segments.number = before.getKey();
        segments.goOn(before.getValue());
      }
      return segments;
    } catch (IOException | RuntimeException e) {
      segments.close();
      throw e;
    }
  }

  private static Set<OpenOption> options(boolean append) {
    return Set.of(
        StandardOpenOption.CREATE,
        append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      @Nullable FileLock mine = lock.tryLock();
      return mine != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Goes on with the last file of an earlier process. */
  private void goOn(Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) > bounds.bytes) {
      return; // The next line begins another one.
    }
    byte[] content = Files.readAllBytes(path);
    int whole = content.length;
    while (whole > 0 && content[whole - 1] != '\n') {
      whole--;
    }
    Set<String> keys = new HashSet<>();
    new String(content, 0, whole, StandardCharsets.ISO_8859_1)
        .lines()
        .map(RunLines::key)
        .filter(key -> !key.isEmpty())
        .forEach(keys::add);
    FileChannel opened = FileChannel.open(path, options(true), OURS);
    file = opened;
    size = whole;
    runs = keys.size();
    cutOff(opened);
  }

  /**
   * A line to be written.
   *
   * @param bytes all of it
   * @param runs how many runs of a file's bound it takes: 1 or 0
   */
  record Line(byte[] bytes, int runs) {}

  /**
   * Writes lines, as far as it gets.
   *
   * @param lines in their order
   * @return how many were written before the first that could not be
   * @throws IOException if not a single one could be; the message says why
   */
  int add(List<Line> lines) throws IOException {
    int done = 0;
    try {
      while (done < lines.size()) {
        int end = done;
        FileChannel current = file;
        if (current == null || !fits(lines.get(done), 0, 0)) {
          begin();
        }
        int bytes = 0;
        int more = 0;
        while (end < lines.size() && (end == done || fits(lines.get(end), bytes, more))) {
          bytes += lines.get(end).bytes.length;
          more += lines.get(end).runs;
          end++;
        }
        ByteBuffer together = ByteBuffer.allocate(unmarked() + bytes);
        together.put(mark, 0, unmarked());
        lines.subList(done, end).forEach(line -> together.put(line.bytes));
        write(together.array());
        marked = true;
        runs += more;
        done = end;
      }
    } catch (IOException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  private boolean fits(Line line, int bytes, int more) {
    return size + unmarked() + bytes + line.bytes.length <= bounds.bytes
        && runs + more + line.runs <= bounds.runs;
  }

  /** Returns how long the mark is that the file still needs. */
  private int unmarked() {
    return marked ? 0 : mark.length;
  }

  /** Begins another file, and lets go of the oldest. */
  private void begin() throws IOException {
    Path path = directory.resolve(name(number + 1));
    FileChannel next =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS),
            OURS);
    number++;
    closeFile();
    file = next;
    marked = false;
    size = 0;
    runs = 0;
    List<Path> all = new ArrayList<>(files(directory).values());
    for (Path oldest : all.subList(0, Math.max(0, all.size() - bounds.files))) {
      Files.delete(oldest);
    }
  }

  private static String name(long number) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, 6 - digits.length())) + digits + ".jsonl";
  }

  private void write(byte[] bytes) throws IOException {
    FileChannel to = file;
    if (to == null) {
      throw new IOException("no file is open");
    }
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try {
      while (left.hasRemaining()) {
        to.write(left);
      }
      size += bytes.length;
    } catch (IOException e) {
      cutOff(to);
      throw e;
    }
  }

  /** Takes away what is there of a line without its end. */
  private void cutOff(FileChannel from) throws IOException {
    if (from.size() > size) {
      from.truncate(size);
    }
  }

  private void closeFile() throws IOException {
    FileChannel open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeFile();
    } finally {
      locked.close();
    }
  }
}
