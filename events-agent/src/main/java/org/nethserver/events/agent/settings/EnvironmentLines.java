package org.nethserver.events.agent.settings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of variables in the form of systemd's {@code EnvironmentFile=}, as far as one line holds a
 * variable: lines {@code NAME=value}, perhaps with quotes around the value, between blank ones and
 * comments after {@code #} or {@code ;}.
 */
public final class EnvironmentLines {
  private EnvironmentLines() {}

  /**
   * Takes a file apart.
   *
   * @param content the file's
   * @return {@code NAME=value} each, as bytes
   */
  public static List<byte[]> of(byte[] content) {
    return lines(content)
        .map(line -> unquoted(line).getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  /** Returns the value of the last line that sets a variable. */
  public static Optional<String> value(byte[] content, String name) {
    return lines(content)
        .filter(line -> line.startsWith(name + "="))
        .map(line -> unquoted(line).substring(name.length() + 1))
        .reduce((_, last) -> last);
  }

  private static Stream<String> lines(byte[] content) {
    // One char a byte: values need not be text.
    return new String(content, StandardCharsets.ISO_8859_1)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"));
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
