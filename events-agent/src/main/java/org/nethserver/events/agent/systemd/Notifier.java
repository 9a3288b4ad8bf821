package org.nethserver.events.agent.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the agent fares: sd_notify(3). Without {@code NOTIFY_SOCKET} all of it does
 * nothing. Thread-safe; throws nothing. A message for which systemd has no room is tried for a
 * second, because a lost {@code READY=1} would leave the unit starting for ever; then it is
 * dropped.
 */
public final class Notifier implements AutoCloseable {
  /**
   * Variables by which systemd and its children find each other. They are meant for this process:
   * with them a step could speak in the agent's name, or take the agent's descriptors for its own.
   */
  public static final Set<String> VARIABLES =
      Set.of(
          "NOTIFY_SOCKET",
          "WATCHDOG_PID",
          "WATCHDOG_USEC",
          "LISTEN_PID",
          "LISTEN_FDS",
          "LISTEN_FDNAMES");

  private static final int MAX_BYTES = 4096;

  private final @Nullable UnixDatagram socket;

  private Notifier(@Nullable UnixDatagram socket) {
    this.socket = socket;
  }

  /**
   * Finds the socket.
   *
   * @param environment the process's
   * @throws IOException if {@code NOTIFY_SOCKET} is set and no unix socket can be made for it: a
   *     unit of type notify would wait for ever
   */
  public static Notifier open(Map<String, String> environment) throws IOException {
    String address = environment.get("NOTIFY_SOCKET");
    if (address == null || address.isEmpty()) {
      return new Notifier(null);
    }
    return new Notifier(new UnixDatagram(address, MAX_BYTES));
  }

  /** Whether somebody listens: what only systemd reads need not be put together otherwise. */
  public boolean active() {
    return socket != null;
  }

  /** The agent does its work: units that wait for it go on. Also ends a reload. */
  public void ready(String status) {
    send("READY=1\nSTATUS=" + line(status));
  }

  /** One line that {@code systemctl status} shows. */
  public void status(String status) {
    send("STATUS=" + line(status));
  }

  /** The agent begins to stop. */
  public void stopping(String status) {
    send("STOPPING=1\nSTATUS=" + line(status));
  }

  /** The agent begins to read its configuration anew; {@link #ready} ends it. */
  public void reloading() {
    // On Linux this is CLOCK_MONOTONIC, which systemd asks for.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /**
   * The agent is alive. Due more often than once in {@link #watchdogTimeout}: half of it is usual.
   */
  public void watchdog() {
    send("WATCHDOG=1");
  }

  /**
   * After how much silence systemd takes this process for dead; empty if it does not watch it.
   *
   * @param environment the process's
   */
  public static Optional<Duration> watchdogTimeout(Map<String, String> environment) {
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    if (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
      return Optional.empty();
    }
    try {
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      return micros <= 0
          ? Optional.empty()
          : Optional.of(Duration.ofNanos(Math.multiplyExact(micros, 1000)));
    } catch (NumberFormatException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
    }
  }

  private void send(String message) {
    if (socket != null) {
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(bytes.length, MAX_BYTES);
      var patience = new Patience(Duration.ofSeconds(1));
      while (socket.send(bytes, length) == UnixDatagram.EAGAIN && patience.pause()) {
        // again
      }
    }
  }

  /** A newline would begin another assignment. */
  private static String line(String text) {
    return text.replace('\n', ' ');
  }
}
