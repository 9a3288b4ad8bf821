package org.nethserver.events.agent.config;

import java.nio.file.Path;

/** Where a process gives its figures. */
public sealed interface MetricsPlace {
  /** Stands before the path of a unix socket. */
  String UNIX = "unix:";

  /** Stands before the path of a directory. */
  String TEXTFILE = "textfile:";

  /**
   * An address of TCP.
   *
   * @param host a name or an address
   * @param port 0 for one that is free
   */
  record Tcp(String host, int port) implements MetricsPlace {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A unix socket.
   *
   * @param path where it is made
   */
  record Unix(Path path) implements MetricsPlace {
    @Override
    public String toString() {
      return UNIX + path;
    }
  }

  /**
   * A file for the textfile collector of node_exporter.
   *
   * @param directory where it is written
   */
  record Textfile(Path directory) implements MetricsPlace {
    @Override
    public String toString() {
      return TEXTFILE + directory;
    }
  }

  /**
   * Reads a place as it is written on the command line.
   *
   * @throws IllegalArgumentException if it is none; the message says what one looks like
   */
  static MetricsPlace parse(String text) {
    if (text.startsWith(UNIX)) {
      return new Unix(path(text.substring(UNIX.length())));
    }
    if (text.startsWith(TEXTFILE)) {
      return new Textfile(path(text.substring(TEXTFILE.length())));
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "a place is wanted, such as 127.0.0.1:9464, unix:/run/events/metrics or"
              + " textfile:/var/lib/node_exporter");
    }
    return new Tcp(host(text.substring(0, colon)), port(text.substring(colon + 1)));
  }

  private static Path path(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path from / on is wanted after the colon");
    }
    return Path.of(text).normalize();
  }

  private static String host(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String host = bracketed ? text.substring(1, text.length() - 1) : text;
    if (host.isEmpty()) {
      // Nobody should open a port to all the world by leaving something out.
      throw new IllegalArgumentException(
          "say at which address: 127.0.0.1:PORT for this machine alone; whoever reaches it may read"
              + " all figures");
    }
    if (!bracketed && host.contains(":")) {
      throw new IllegalArgumentException("write an IPv6 address in brackets, such as [::1]:9464");
    }
    return host;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("\"" + text + "\" is no port; use one from 1 to 65535");
  }
}
