package org.nethserver.events.agent.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Takes requests of commands: lines, each of which gets one line for an answer, in the order in
 * which answers are there. One thread waits at all sockets, another serves each connection.
 *
 * <p>Threads: any.
 */
public final class ControlServer implements AutoCloseable {
  /** The name of a socket in the directory of its agent. */
  public static final String SOCKET = "control";

  private static final int BACKLOG = 16;

  /** Nobody needs more; a line without end fills no memory. */
  private static final int MAX_LINE = 4096;

  /** Answers requests. Called by the thread of the connection. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Takes a request.
     *
     * @param request without its line end
     * @param answer to be called once, by any thread, now or later; never waits
     */
    void request(String request, Consumer<String> answer);
  }

  private record Bound(ServerSocketChannel channel, Path path, Handler handler) {}

  private final Selector selector;
  private final Map<Path, Bound> sockets = new ConcurrentHashMap<>();

  /**
   * Makes one without sockets.
   *
   * @throws IOException if there is no descriptor left
   */
  public ControlServer() throws IOException {
    this.selector = Selector.open();
    Thread thread = new Thread(this::accept, "control");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Takes requests at a socket; one that an earlier process left is replaced.
   *
   * @param directory of the agent, for this process's user alone
   * @throws IOException if that cannot be
   */
  public void open(Path directory, Handler handler) throws IOException {
    Path path = directory.resolve(SOCKET);
    Files.deleteIfExists(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      channel.configureBlocking(false);
      Bound bound = new Bound(channel, path, handler);
      sockets.put(directory, bound);
      channel.register(selector, SelectionKey.OP_ACCEPT, bound);
      // A selection that goes on does not see it.
      selector.wakeup();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Takes no more requests there. */
  public void close(Path directory) {
    Bound bound = sockets.remove(directory);
    if (bound != null) {
      try {
        bound.channel().close();
        Files.deleteIfExists(bound.path());
      } catch (IOException e) {
        // The next process replaces it.
      }
    }
  }

  private void accept() {
    while (selector.isOpen()) {
      try {
        selector.select(key -> accept((Bound) key.attachment()));
      } catch (IOException | RuntimeException e) {
        // Closed meanwhile, or no descriptor left: whoever asks tries again.
      }
    }
  }

  private static void accept(Bound bound) {
    try {
      SocketChannel connection = bound.channel().accept();
      if (connection != null) {
        Thread thread = new Thread(() -> serve(connection, bound.handler()), "control-call");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // Whoever asked has gone, or asks again.
    }
  }

  private static void serve(SocketChannel connection, Handler handler) {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    try (connection;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(connection), StandardCharsets.UTF_8));
        Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
      int asked = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.length() > MAX_LINE) {
          return;
        }
        asked++;
        handler.request(line, answers::add);
      }
      for (int answered = 0; answered < asked; answered++) {
        out.write(answers.take() + "\n");
        out.flush();
      }
    } catch (IOException e) {
      // Whoever asked has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    sockets.keySet().forEach(this::close);
    try {
      selector.close();
    } catch (IOException e) {
      // It is gone with the process.
    }
  }
}
