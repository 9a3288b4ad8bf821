package org.nethserver.events.redis.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a client and a server. On command it swallows what either sends, as a network does
 * that has lost the way, or cuts all connections. A connection that is stalled stays so.
 */
public final class StallingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** How the reply begins before which a connection is cut; empty for none. */
  private final AtomicReference<String> unsent = new AtomicReference<>("");

  /**
   * Starts to forward.
   *
   * @param target a port on the loopback address
   */
  public StallingProxy(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Returns {@code redis://127.0.0.1:PORT} with the proxy's port. */
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns how many connections were accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        accepted.incrementAndGet();
        links.add(new Link(client, new Socket(InetAddress.getLoopbackAddress(), target)));
      }
    } catch (IOException e) {
      // Closed, or the server is gone: the test notices what it asks for.
    }
  }

  /** Swallows from now on what comes on the connections there are; new ones are forwarded. */
  public void stall() {
    links.forEach(link -> link.stalledToServer = true);
    links.forEach(link -> link.stalledToClient = true);
  }

  /** As {@link #stall}, but the server still gets what the client sends. */
  public void stallReplies() {
    links.forEach(link -> link.stalledToClient = true);
  }

  /**
   * Cuts a connection, once, right before the server's next reply that begins with something. A
   * reply that comes in pieces, cut within that, is passed over.
   *
   * @param begin ASCII
   */
  public void cutBefore(String begin) {
    unsent.set(begin);
  }

  /** Cuts the connections there are. */
  public void cut() {
    links.forEach(Link::close);
    links.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private final class Link implements Closeable {
    private final Socket client;
    private final Socket server;
    private volatile boolean stalledToServer;
    private volatile boolean stalledToClient;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
      Thread.ofVirtual().start(() -> forward(client, server, true));
      Thread.ofVirtual().start(() -> forward(server, client, false));
    }

    private void forward(Socket from, Socket to, boolean toServer) {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read; (read = in.read(buffer)) >= 0; ) {
          int cut = toServer ? -1 : cut(buffer, read);
          if (!(toServer ? stalledToServer : stalledToClient)) {
            out.write(buffer, 0, cut < 0 ? read : cut);
          }
          if (cut >= 0) {
            close();
            return;
          }
        }
        if (!stalledToServer && !stalledToClient) {
          close();
        }
      } catch (IOException e) {
        close();
      }
    }

    /** Returns where to cut, or -1. */
    private int cut(byte[] buffer, int read) {
      String begin = unsent.get();
      int at =
          begin.isEmpty()
              ? -1
              : new String(buffer, 0, read, StandardCharsets.ISO_8859_1).indexOf(begin);
      return at >= 0 && unsent.compareAndSet(begin, "") ? at : -1;
    }

    @Override
    public void close() {
      try {
        client.close();
        server.close();
      } catch (IOException e) {
        throw new IllegalStateException("a loopback socket cannot be closed", e);
      }
    }
  }
}
