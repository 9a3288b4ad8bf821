package org.nethserver.events.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.config.MetricsPlace;

final class ListeningSocketTests {
  @TempDir private Path directory;

  @Test
  void unixSocketIsForUserAndGroupAndGoesWithItsEnd() throws IOException {
    Path path = directory.resolve("metrics");
    ServerSocketChannel socket = ListeningSocket.open(path);
    assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertEquals("unix:" + path, ListeningSocket.place(socket));
    ListeningSocket.close(socket);
    assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void socketOfAnEndedProcessIsReplaced() throws IOException {
    Path path = directory.resolve("metrics");
    ListeningSocket.open(path).close();
    assertTrue(Files.exists(path), "a close alone leaves it, as a kill does");
    ListeningSocket.close(ListeningSocket.open(path));
  }

  @Test
  void socketInUseIsLeftAlone() throws IOException {
    Path path = directory.resolve("metrics");
    ServerSocketChannel first = ListeningSocket.open(path);
    try {
      assertEquals(
          "another process listens there; take another path, or end it",
          assertThrows(IOException.class, () -> ListeningSocket.open(path)).getMessage());
      assertTrue(Files.exists(path));
    } finally {
      ListeningSocket.close(first);
    }
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    for (Path path : new Path[] {file, link, directory}) {
      assertEquals(
          "something is there that is no socket; take it away",
          assertThrows(IOException.class, () -> ListeningSocket.open(path)).getMessage());
    }
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void portInUseIsTold() throws IOException {
    try (ServerSocketChannel first =
        ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
      int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
      assertEquals(
          "Address already in use; take another port, or end what has it",
          assertThrows(
                  IOException.class,
                  () -> ListeningSocket.open(new MetricsPlace.Tcp("127.0.0.1", port)))
              .getMessage());
    }
  }

  @Test
  void placeOfAnAddressCanBeTyped() throws IOException {
    ServerSocketChannel socket = ListeningSocket.open(new MetricsPlace.Tcp("::1", 0));
    try {
      assertTrue(
          ListeningSocket.place(socket).matches("http://\\[0:0:0:0:0:0:0:1]:\\d+/metrics"),
          () -> ListeningSocket.place(socket));
    } finally {
      ListeningSocket.close(socket);
    }
  }
}
