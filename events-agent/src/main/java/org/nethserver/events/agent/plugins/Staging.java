package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A private directory with copies of the jars that are loaded. Classes are read from a jar when
 * they are first needed, which may be days later: a jar that was replaced in place would break the
 * plugin that runs from it.
 *
 * <p>Threads: one at a time.
 */
public final class Staging implements AutoCloseable {
  private static final String PREFIX = "events-plugins-";

  private final Path directory;
  private int made;

  private Staging(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory, and removes those that processes of this user left when they were killed.
   *
   * @param base where, such as systemd's {@code RuntimeDirectory}
   * @throws IOException if it cannot be made
   */
  public static Staging open(Path base) throws IOException {
    // Numbers of processes mean nothing in another container that shares the directory.
    String space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    String prefix = PREFIX + space.replaceAll("[^0-9]", "") + "-";
    int user = FileTrust.ofThisProcess().uid();
    try (DirectoryStream<Path> left = Files.newDirectoryStream(base, prefix + "*")) {
      for (Path path : left) {
        String pid = path.getFileName().toString().substring(prefix.length()).replaceAll("-.*", "");
        if (!Files.exists(Path.of("/proc", pid)) && isOf(user, path)) {
          delete(path);
        }
      }
    }
    return new Staging(
        Files.createTempDirectory(
            base,
            prefix + ProcessHandle.current().pid() + "-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
  }

  private static boolean isOf(int user, Path path) throws IOException {
    try {
      return FileStamp.of(path, LinkOption.NOFOLLOW_LINKS).uid() == user;
    } catch (NoSuchFileException e) {
      // Another process that starts removes the same.
      return false;
    }
  }

  /** Makes a directory for the copies of one plugin. */
  Path next() throws IOException {
    return Files.createDirectory(directory.resolve(Integer.toString(++made)));
  }

  /** Copies a jar under its own name, from which a plain one has the name of its module. */
  static Path copy(Path jar, Path into) throws IOException {
    Path copy = into.resolve(jar.getFileName());
    try (InputStream from = Files.newInputStream(jar);
        OutputStream to = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
      from.transferTo(to);
    }
    return copy;
  }

  /** Deletes a directory with all in it, as far as that can be done. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // The next start of an agent of this user tries again.
    }
  }

  /** Removes all copies; what is still loaded from them goes on with what it has open. */
  @Override
  public void close() {
    delete(directory);
  }
}
