package org.nethserver.events.agent.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a small file of an agent is read: it need not be ours, and never waits for anybody. */
public interface FileReading {
  /** The largest file that is read. */
  int MAX_BYTES = 1 << 20;

  /**
   * Reads a whole file.
   *
   * @throws IOException if it cannot or must not be read; the message names it and says why
   */
  byte[] read(Path file) throws IOException;

  /** Returns the way that suits files which nobody but the process's own user could have made. */
  static FileReading plain() {
    return Plain.INSTANCE;
  }

  /** Follows links, and asks not whose a file is. */
  enum Plain implements FileReading {
    /** There is but one. */
    INSTANCE;

    @Override
    public byte[] read(Path file) throws IOException {
      // A FIFO here would hold up every agent of the process.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new IOException(file + " is no regular file");
      }
      try (InputStream in = new FileInputStream(file.toFile())) {
        byte[] content = in.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
          throw new IOException(file + " is larger than 1 MiB");
        }
        return content;
      }
    }
  }
}
