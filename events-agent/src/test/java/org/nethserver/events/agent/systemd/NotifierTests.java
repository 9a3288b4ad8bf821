package org.nethserver.events.agent.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NotifierTests {
  @TempDir Path directory;

  @Test
  void systemdHearsEachState() throws Throwable {
    String path = directory.resolve("notify").toString();
    try (var systemd = new DatagramReceiver(path);
        var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", path))) {
      assertTrue(notifier.active());
      notifier.status("waiting for 127.0.0.1:6379");
      assertEquals("STATUS=waiting for 127.0.0.1:6379", systemd.text());
      notifier.ready("subscribed");
      assertEquals("READY=1\nSTATUS=subscribed", systemd.text());
      notifier.watchdog();
      assertEquals("WATCHDOG=1", systemd.text());
      notifier.stopping("2 steps running");
      assertEquals("STOPPING=1\nSTATUS=2 steps running", systemd.text());
    }
  }

  @Test
  void abstractSocketIsReached() throws Throwable {
    String name = "@events-test-" + ProcessHandle.current().pid();
    try (var systemd = new DatagramReceiver(name);
        var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", name))) {
      notifier.watchdog();
      assertEquals("WATCHDOG=1", systemd.text());
    }
  }

  @Test
  void statusCannotSmuggleAnotherAssignment() throws Throwable {
    String path = directory.resolve("notify").toString();
    try (var systemd = new DatagramReceiver(path);
        var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", path))) {
      notifier.status("a\nMAINPID=1");
      assertEquals("STATUS=a MAINPID=1", systemd.text());
    }
  }

  @Test
  void reloadCarriesTheMonotonicTime() throws Throwable {
    String path = directory.resolve("notify").toString();
    try (var systemd = new DatagramReceiver(path);
        var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", path))) {
      long before = System.nanoTime() / 1000;
      notifier.reloading();
      String prefix = "RELOADING=1\nMONOTONIC_USEC=";
      String message = systemd.text();
      assertTrue(message.startsWith(prefix), message);
      long micros = Long.parseLong(message.substring(prefix.length()));
      assertTrue(micros >= before && micros <= System.nanoTime() / 1000, message);
    }
  }

  @Test
  void fullReceiverIsWaitedFor() throws Throwable {
    String path = directory.resolve("notify").toString();
    try (var systemd = new DatagramReceiver(path);
        var socket = new UnixDatagram(path, 16);
        var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", path))) {
      int queued = 0;
      while (socket.send(new byte[] {'x'}, 1) == UnixDatagram.SENT) {
        queued++;
      }
      Thread sender = Thread.ofPlatform().start(() -> notifier.ready("subscribed"));
      for (int i = 0; i < queued; i++) {
        assertEquals("x", systemd.text());
      }
      assertEquals("READY=1\nSTATUS=subscribed", systemd.text());
      sender.join();
    }
  }

  @Test
  void withoutSocketNothingHappens() throws IOException {
    try (var notifier = Notifier.open(Map.of())) {
      assertFalse(notifier.active());
      notifier.ready("subscribed");
      notifier.watchdog();
    }
  }

  @Test
  void vanishedSystemdIsNoError() throws IOException {
    String path = directory.resolve("gone").toString();
    try (var notifier = Notifier.open(Map.of("NOTIFY_SOCKET", path))) {
      notifier.ready("subscribed");
      assertTrue(notifier.active());
    }
  }

  @Test
  void addressThatIsNoSocketIsRefused() {
    var e =
        assertThrows(
            IOException.class, () -> Notifier.open(Map.of("NOTIFY_SOCKET", "vsock:2:1234")));
    assertEquals(
        "\"vsock:2:1234\" is no unix socket: absolute path or @NAME, up to 107 bytes",
        e.getMessage());
  }

  @Test
  void watchdogTimeoutIsOursOnly() {
    String self = Long.toString(ProcessHandle.current().pid());
    assertEquals(
        Optional.of(Duration.ofMinutes(2)),
        Notifier.watchdogTimeout(Map.of("WATCHDOG_USEC", "120000000", "WATCHDOG_PID", self)));
    assertEquals(
        Optional.of(Duration.ofSeconds(1)),
        Notifier.watchdogTimeout(Map.of("WATCHDOG_USEC", "1000000")));
    assertEquals(
        Optional.empty(),
        Notifier.watchdogTimeout(Map.of("WATCHDOG_USEC", "1000000", "WATCHDOG_PID", "1")));
    assertEquals(Optional.empty(), Notifier.watchdogTimeout(Map.of()));
    assertEquals(Optional.empty(), Notifier.watchdogTimeout(Map.of("WATCHDOG_USEC", "soon")));
    assertEquals(
        Optional.empty(),
        Notifier.watchdogTimeout(Map.of("WATCHDOG_USEC", Long.toString(Long.MAX_VALUE))));
  }
}
