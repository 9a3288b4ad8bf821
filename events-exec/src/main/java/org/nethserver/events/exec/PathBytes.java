package org.nethserver.events.exec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Deque;

/**
 * The bytes by which the kernel knows a path. {@link Path#toString} decodes them by the locale, and
 * under {@code LC_ALL=C} loses what is not ASCII; the path's URI escapes every one of them.
 */
final class PathBytes {
  private PathBytes() {}

  /** Returns the bytes of an absolute path, without a slash at the end unless it is the root. */
  static byte[] of(Path path) {
    String escaped = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    byte[] all = bytes.toByteArray();
    boolean slash = all.length > 1 && all[all.length - 1] == '/';
    return slash ? Arrays.copyOf(all, all.length - 1) : all;
  }

  /** Joins a directory and a name. */
  static byte[] join(byte[] directory, byte[] name) {
    byte[] joined = new byte[directory.length + 1 + name.length];
    System.arraycopy(directory, 0, joined, 0, directory.length);
    joined[directory.length] = '/';
    System.arraycopy(name, 0, joined, directory.length + 1, name.length);
    return joined;
  }

  /** Puts the names that a path has between its slashes in front, its first one first. */
  static void pushParts(byte[] path, Deque<byte[]> parts) {
    int end = path.length;
    while (end > 0) {
      int start = end;
      while (start > 0 && path[start - 1] != '/') {
        start--;
      }
      if (end > start) {
        parts.push(Arrays.copyOfRange(path, start, end));
      }
      end = start - 1;
    }
  }

  /**
   * Returns bytes as text for one line of a message: what is no UTF-8 becomes U+FFFD, control
   * characters become {@code \xNN}.
   */
  static String printable(byte[] bytes) {
    if (isPlain(bytes)) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                escaped.append("\\x%02x".formatted(c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.toString();
  }

  private static boolean isPlain(byte[] bytes) {
    for (byte b : bytes) {
      if (b < ' ' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
