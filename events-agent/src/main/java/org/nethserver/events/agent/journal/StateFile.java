package org.nethserver.events.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an {@link AgentState} in a file. A line is written by one call at the moment that it
 * tells of: a process that is killed loses none. The name tells the machine, since on another one
 * nothing of it is true.
 *
 * <p>Threads: {@link #sync} any; all else one at a time.
 */
public final class StateFile implements AgentState.Lines, AutoCloseable {
  private static final String NAME = "journal-";
  private static final String LOCK = "journal.lock";
  private static final Path MACHINE = Path.of("/etc/machine-id");
  private static final long MAX_SIZE = 1 << 20;

  private static final AgentState.Lines NOWHERE =
      new AgentState.Lines() {
        @Override
        public void add(String lines) {}

        @Override
        public boolean grown() {
          return false;
        }

        @Override
        public void replace(String lines) {}
      };

  /** Hears of a file that cannot be written, and when it can be again. */
  interface Listener {
    /** The promise is suspended: what runs now may run again. */
    void unwritable(Path file, String why);

    /** It is written again, all of it. */
    void writable(Path file);
  }

  private final Path path;
  private final FileChannel locked;
  private final Listener listener;
  private volatile FileChannel file;
  private volatile boolean dirty;
  private boolean failed;

  private StateFile(Path path, FileChannel locked, FileChannel file, Listener listener) {
    this.path = path;
    this.locked = locked;
    this.file = file;
    this.listener = listener;
  }

  /** Returns where an agent's state is on this machine. */
  static Path in(Path directory) {
    return directory.resolve(NAME + machine());
  }

  private static String machine() {
    try {
      String id = Files.readString(MACHINE).strip();
      return id.matches("[0-9a-f]{1,64}") ? id : "local";
    } catch (IOException e) {
      return "local"; // a container may have none
    }
  }

  /** Returns the lines that are there; none if there is no file. */
  static List<String> read(Path path) throws IOException {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * Returns what an agent has set aside, whether it runs or not.
   *
   * @param directory the agent's
   * @throws IOException if it cannot be read
   */
  public static List<AgentState.Dead> dead(Path directory) throws IOException {
    return new AgentState(read(in(directory)), NOWHERE).dead();
  }

  /**
   * Returns where an agent is in the journal, whether it runs or not.
   *
   * @param directory the agent's
   * @return the last entry up to which nothing is left to run; empty if it never had one
   * @throws IOException if it cannot be read
   */
  public static Optional<Place> reached(Path directory) throws IOException {
    return Optional.ofNullable(new AgentState(read(in(directory)), NOWHERE).cursor());
  }

  /** Returns the file that the process of an agent keeps locked as long as it lives. */
  public static Path lock(Path directory) {
    return directory.resolve(LOCK);
  }

  /**
   * Opens the file for this process alone.
   *
   * @throws IOException if that cannot be; the message says what to do
   */
  static StateFile open(Path directory, Listener listener) throws IOException {
    FileChannel lock = channel(lock(directory), StandardOpenOption.WRITE);
    try {
      if (!isLocked(lock)) {
        throw new IOException(
            "another process keeps the journal of this agent in "
                + directory
                + ": end it, or give this one another --state-directory");
      }
      Path path = in(directory);
      FileChannel file = channel(path, StandardOpenOption.APPEND);
      return new StateFile(path, lock, file, listener);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      @Nullable FileLock mine = lock.tryLock();
      return mine != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static FileChannel channel(Path path, OpenOption how) throws IOException {
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE, how, LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  Path path() {
    return path;
  }

  @Override
  public void add(String lines) {
    if (failed) {
      return; // All is written anew with the next cursor.
    }
    try {
      write(file, lines);
      dirty = true;
    } catch (IOException e) {
      fail(e);
    }
  }

  private static void write(FileChannel file, String lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private void fail(IOException e) {
    if (!failed) {
      failed = true;
      listener.unwritable(path, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean grown() {
    try {
      return failed || file.size() > MAX_SIZE;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void replace(String lines) {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.deleteIfExists(next);
      FileChannel other = channel(next, StandardOpenOption.APPEND);
      try {
        write(other, lines);
        // Else a power failure could leave an empty file under the name.
        other.force(true);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        other.close();
        Files.deleteIfExists(next);
        throw e;
      }
      file.close();
      file = other;
    } catch (IOException e) {
      fail(e);
      return;
    }
    if (failed) {
      failed = false;
      listener.writable(path);
    }
  }

  /** Brings what was written to the disk. */
  void sync() {
    if (dirty) {
      dirty = false;
      try {
        file.force(false);
      } catch (IOException e) {
        // Written anew or closed meanwhile; a disk that fails is told by the next write.
        dirty = false;
      }
    }
  }

  @Override
  public void close() throws IOException {
    sync();
    file.close();
    locked.close();
  }
}
