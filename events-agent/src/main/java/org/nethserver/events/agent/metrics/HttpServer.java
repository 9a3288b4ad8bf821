package org.nethserver.events.agent.metrics;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers requests for a few pages, at a socket of TCP or a unix socket: the JDK's own server knows
 * the first alone, and sets no time for a whole request. One thread serves all connections, of
 * which none waits for another; there are only so many, and the oldest gives way to one more.
 */
final class HttpServer implements Giving {
  private static final int MAX_CONNECTIONS = 32;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServerSocketChannel socket;
  private final Selector selector;
  private final Map<String, Inquiry> pages = new LinkedHashMap<>();
  private final Duration limit;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** The oldest first. */
  private final Deque<HttpConnection> connections = new ArrayDeque<>();

  private volatile boolean closed;

  /**
   * Makes a server that does not run yet.
   *
   * @param socket closed with it
   * @param pages what can be asked for, by paths
   */
  HttpServer(ServerSocketChannel socket, Map<String, Page> pages) throws IOException {
    this(socket, pages, LIMIT, PATIENCE);
  }

  /**
   * Makes a server that does not run yet.
   *
   * @param limit how long a request may take to come, and a response to go
   * @param patience how long a page may take to be ready
   */
  HttpServer(ServerSocketChannel socket, Map<String, Page> pages, Duration limit, Duration patience)
      throws IOException {
    this.socket = socket;
    this.selector = Selector.open();
    this.limit = limit;
    pages.forEach((path, page) -> this.pages.put(path, new Inquiry(page, patience, this::execute)));
  }

  @Override
  public String place() {
    return ListeningSocket.place(socket);
  }

  @Override
  public void start() throws IOException {
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_ACCEPT);
    Thread thread = new Thread(this::run, "metrics");
    thread.setDaemon(true);
    thread.start();
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void run() {
    while (!closed) {
      try {
        selector.select(pause());
        selector.selectedKeys().forEach(this::proceed);
        selector.selectedKeys().clear();
      } catch (IOException e) {
        // Whoever asks tries again.
      }
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      for (HttpConnection connection : List.copyOf(connections)) {
        if (connection.open() && connection.remaining() <= 0) {
          attempt(connection, connection::late);
        }
      }
      connections.removeIf(connection -> !connection.open());
    }
    connections.forEach(HttpConnection::close);
  }

  /** Returns the milliseconds until the next time limit. */
  private long pause() {
    long next =
        connections.stream()
            .mapToLong(HttpConnection::remaining)
            .min()
            .orElse(TimeUnit.HOURS.toNanos(1));
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next) + 1);
  }

  private void proceed(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (key.attachment() instanceof HttpConnection connection) {
      attempt(connection, connection::proceed);
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      SocketChannel channel = socket.accept();
      if (channel == null) {
        return;
      }
      if (connections.size() >= MAX_CONNECTIONS) {
        connections.remove().close();
      }
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, 0);
      HttpConnection connection = new HttpConnection(channel, key, pages, limit);
      key.attach(connection);
      connections.add(connection);
    } catch (IOException e) {
      // No descriptor is left, most likely: who waits is still there, and would be seen at once.
      LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
    }
  }

  private interface Attempt {
    void make() throws IOException;
  }

  private static void attempt(HttpConnection connection, Attempt what) {
    try {
      what.make();
    } catch (IOException e) {
      connection.close();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    selector.wakeup();
    ListeningSocket.close(socket);
  }
}
