package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between agent and Redis, and can let all connections so far go silent without closing them. */
final class StallingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();

  /** Connections up to this number pass nothing on any more. */
  private volatile int stalled;

  /** Listens on a free port and passes on to another. */
  StallingProxy(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Returns how many connections were accepted so far. */
  int accepted() {
    return accepted.get();
  }

  /** Lets all connections so far go silent. */
  void stall() {
    stalled = accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket("127.0.0.1", target);
        int number = accepted.incrementAndGet();
        synchronized (sockets) {
          sockets.addAll(List.of(near, far));
        }
        Thread.ofPlatform().daemon().start(() -> pass(number, near, far));
        Thread.ofPlatform().daemon().start(() -> pass(number, far, near));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void pass(int number, Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (number > stalled) {
          out.write(buffer, 0, n);
        }
      }
      if (number > stalled) {
        to.close();
      }
    } catch (IOException e) {
      // One side is gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
