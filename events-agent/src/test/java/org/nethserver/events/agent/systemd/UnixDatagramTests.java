package org.nethserver.events.agent.systemd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixDatagramTests {
  @TempDir Path directory;

  @Test
  void bytesArriveAsTheyAre() throws Throwable {
    String path = directory.resolve("socket").toString();
    byte[] bytes = new byte[64 * 1024];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    try (var receiver = new DatagramReceiver(path);
        var socket = new UnixDatagram(path, bytes.length)) {
      assertEquals(UnixDatagram.SENT, socket.send(bytes, bytes.length));
      assertArrayEquals(bytes, receiver.receive());
      assertEquals(UnixDatagram.SENT, socket.send(bytes, 3));
      assertArrayEquals(Arrays.copyOf(bytes, 3), receiver.receive());
    }
  }

  @Test
  void receiverStartedAgainIsFoundAgain() throws Throwable {
    Path path = directory.resolve("socket");
    byte[] bytes = {'a'};
    try (var socket = new UnixDatagram(path.toString(), 16)) {
      assertEquals(UnixDatagram.ENOENT, socket.send(bytes, 1));
      try (var receiver = new DatagramReceiver(path.toString())) {
        assertEquals(UnixDatagram.SENT, socket.send(bytes, 1));
        assertEquals("a", receiver.text());
      }
      assertEquals(UnixDatagram.ECONNREFUSED, socket.send(bytes, 1));
      Files.delete(path);
      try (var receiver = new DatagramReceiver(path.toString())) {
        assertEquals(UnixDatagram.SENT, socket.send(bytes, 1));
        assertEquals("a", receiver.text());
      }
    }
  }

  @Test
  void fullQueueIsToldAndNotWaitedFor() throws Throwable {
    String path = directory.resolve("socket").toString();
    byte[] bytes = new byte[4096];
    try (var receiver = new DatagramReceiver(path);
        var socket = new UnixDatagram(path, bytes.length)) {
      int error = UnixDatagram.SENT;
      for (int i = 0; error == UnixDatagram.SENT && i < 100_000; i++) {
        error = socket.send(bytes, bytes.length);
      }
      assertEquals(UnixDatagram.EAGAIN, error);
      assertEquals(bytes.length, receiver.receive().length);
    }
  }

  @Test
  void whatIsLongerThanAgreedIsRefused() throws IOException {
    try (var socket = new UnixDatagram(directory.resolve("socket").toString(), 16)) {
      assertEquals(UnixDatagram.EMSGSIZE, socket.send(new byte[17], 17));
    }
  }

  @Test
  void closedSocketSendsNothing() throws IOException {
    var socket = new UnixDatagram(directory.resolve("socket").toString(), 16);
    socket.close();
    socket.close();
    assertNotEquals(UnixDatagram.SENT, socket.send(new byte[1], 1));
  }

  @Test
  void relativeOrLongPathIsRefused() {
    assertThrows(IOException.class, () -> new UnixDatagram("socket", 16));
    assertThrows(IOException.class, () -> new UnixDatagram("/" + "x".repeat(107), 16));
  }
}
