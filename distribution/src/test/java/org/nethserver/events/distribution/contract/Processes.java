package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds processes by a variable that they inherited, wherever they went. */
public final class Processes {
  private Processes() {}

  /** Returns the ids of all living processes with {@code NAME=value} in their environment. */
  static List<Long> with(String variable) {
    byte[] wanted = (variable + "\0").getBytes(StandardCharsets.UTF_8);
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        if (has(process, wanted)) {
          found.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("/proc cannot be read", e);
    }
    return found;
  }

  /** Tells whether a process lives: a zombie does not. */
  static boolean alive(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns how many bytes of memory a process has, shared ones included. */
  public static long memory(long pid) {
    try (Stream<String> status = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      String line = status.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is said of processes in a failure's message. */
  static String describe(List<Long> pids) {
    StringBuilder text = new StringBuilder();
    for (long pid : pids) {
      try {
        String line = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        text.append(pid).append(' ').append(line.replace('\0', ' ')).append('\n');
      } catch (IOException e) {
        text.append(pid).append(" (gone now)\n");
      }
    }
    return text.toString();
  }

  private static boolean has(Path process, byte[] wanted) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      for (int at = 0; at + wanted.length <= environment.length; at++) {
        if ((at == 0 || environment[at - 1] == 0) && matches(environment, at, wanted)) {
          return true;
        }
      }
    } catch (IOException e) {
      // Gone meanwhile, or another user's.
    }
    return false;
  }

  private static boolean matches(byte[] bytes, int at, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
