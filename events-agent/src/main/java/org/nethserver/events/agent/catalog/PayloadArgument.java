package org.nethserver.events.agent.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Payload;

/** Reads a payload as the commands take it: the text itself, {@code @FILE}, or {@code -}. */
public final class PayloadArgument {
  /** The largest payload that Redis passes on to its subscribers. */
  public static final int MAX_BYTES = 28 << 20;

  private PayloadArgument() {}

  /**
   * Reads a payload, byte for byte: nothing is added, taken away or checked.
   *
   * @param argument the text of the payload, {@code @} and a file name, or {@code -} for stdin
   * @param stdin what {@code -} reads to its end; left open
   * @throws IOException if it cannot be read, or has more than 28 MiB; the message is a sentence
   *     for the user
   */
  public static Payload read(String argument, InputStream stdin) throws IOException {
    if (argument.equals("-")) {
      return readAll(stdin, "stdin");
    }
    if (argument.startsWith("@")) {
      return readFile(argument.substring(1));
    }
    return check(Payload.of(argument), "the argument");
  }

  private static Payload readFile(String name) throws IOException {
    String what = "file " + Printable.quoted(name);
    try (InputStream content = Files.newInputStream(Path.of(name))) {
      return readAll(content, what);
    } catch (NoSuchFileException e) {
      throw new IOException(what + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(what + " cannot be read: permission denied", e);
    } catch (InvalidPathException e) {
      throw new IOException(what + " is no file name", e);
    }
  }

  private static Payload readAll(InputStream content, String what) throws IOException {
    byte[] bytes;
    try {
      bytes = content.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new IOException(what + " cannot be read: " + e.getMessage(), e);
    }
    return check(Payload.wrap(bytes), what);
  }

  private static Payload check(Payload payload, String what) throws IOException {
    if (payload.size() > MAX_BYTES) {
      throw new IOException(
          what + " has more than 28 MiB, which Redis passes on to nobody; send less");
    }
    return payload;
  }
}
