package org.nethserver.events.agent.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of variables in the form of systemd's {@code EnvironmentFile=}, as far as one line holds a
 * variable: lines {@code NAME=value}, perhaps with quotes around the value, between blank ones and
 * comments after {@code #} or {@code ;}.
 */
public final class EnvironmentLines {
  private static final int MAX_BYTES = 1 << 20;

  private EnvironmentLines() {}

  /**
   * Reads a file.
   *
   * @return {@code NAME=value} each, as bytes
   * @throws IOException if it cannot be read; the message names it and says why
   */
  public static List<byte[]> read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(file + ": it is no regular file");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": it is not there", e);
    }
    if (content.length > MAX_BYTES) {
      throw new IOException(file + ": it is larger than 1 MiB");
    }
    // One char a byte: values need not be text.
    return new String(content, StandardCharsets.ISO_8859_1)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"))
        .map(line -> unquoted(line).getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  private static String unquoted(String line) {
    int equals = line.indexOf('=');
    String value = line.substring(equals + 1);
    boolean quoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.endsWith(value.substring(0, 1));
    return quoted ? line.substring(0, equals + 1) + value.substring(1, value.length() - 1) : line;
  }
}
