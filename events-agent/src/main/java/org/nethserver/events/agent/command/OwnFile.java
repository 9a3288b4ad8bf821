package org.nethserver.events.agent.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** A file that a command writes for whoever typed it, and for nobody else. */
final class OwnFile {
  private OwnFile() {}

  /**
   * Puts a whole file in the place of what has its name: a link that somebody has planted there is
   * replaced, not followed.
   *
   * @throws IOException if it cannot be; then what was there is as it was
   */
  static void write(Path path, byte[] content) throws IOException {
    Path whole = path.toAbsolutePath();
    if (Files.isDirectory(whole)) {
      throw new IOException(path + " is a directory");
    }
    Path next = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel file =
          FileChannel.open(
              next,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          file.write(left);
        }
      }
      Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(next);
      throw e;
    }
  }
}
