package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Listens where a Redis should be, closes each connection at once, and remembers when it came. */
final class Refusals implements AutoCloseable {
  private final ServerSocket server;
  private final Thread thread;
  private final List<Long> nanos = new ArrayList<>();

  /** Listens on a port of the loopback interface. */
  Refusals(int port) {
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("refusals").start(this::accept);
  }

  /** Waits until so many connections have come, and returns the times in nanoseconds. */
  List<Long> await(int count) {
    Await.until(count + " connections", () -> times().size() >= count);
    return times();
  }

  private List<Long> times() {
    synchronized (nanos) {
      return List.copyOf(nanos);
    }
  }

  private void accept() {
    try {
      while (true) {
        server.accept().close();
        synchronized (nanos) {
          nanos.add(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // Closed: the test goes on without us.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
