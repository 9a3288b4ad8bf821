package org.nethserver.events.agent.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: the head is read, the page is asked, the response is written, and
 * what the client still has to say is read away, since a connection that is closed before takes the
 * response with it. Each of these has its time.
 *
 * <p>Lives on the server's thread.
 */
final class HttpConnection {
  private static final Duration REST_LIMIT = Duration.ofSeconds(1);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Map<String, Inquiry> pages;
  private final Duration limit;
  private final Runnable ready = this::answer;
  private final ByteBuffer in = ByteBuffer.allocate(HttpRequest.MAX_BYTES);
  private @Nullable HttpRequest request;
  private @Nullable Inquiry inquiry;
  private @Nullable ByteBuffer out;
  private long deadline;

  /**
   * Begins to read.
   *
   * @param pages what can be asked for, by paths
   * @param limit how long the request may take to come, and the response to go
   */
  HttpConnection(
      SocketChannel channel, SelectionKey key, Map<String, Inquiry> pages, Duration limit) {
    this.channel = channel;
    this.key = key;
    this.pages = pages;
    this.limit = limit;
    expect(SelectionKey.OP_READ, limit);
  }

  private void expect(int interest, Duration time) {
    key.interestOps(interest);
    deadline = System.nanoTime() + time.toNanos();
  }

  /** Returns how many nanoseconds it may still take until {@link #late}. */
  long remaining() {
    return deadline - System.nanoTime();
  }

  /** Reads or writes what can be. */
  void proceed() throws IOException {
    ByteBuffer response = out;
    if (response == null) {
      read();
    } else if (response.hasRemaining()) {
      write(response);
    } else if (channel.read(in.clear()) < 0) {
      close();
    }
  }

  private void read() throws IOException {
    if (channel.read(in) < 0) {
      close();
      return;
    }
    try {
      Optional<HttpRequest> whole = HttpRequest.read(in);
      if (whole.isPresent()) {
        request = whole.get();
        serve(whole.get());
      }
    } catch (HttpRequest.Malformed e) {
      respond(e.response());
    }
  }

  private void serve(HttpRequest whole) throws IOException {
    Inquiry page = pages.get(whole.path());
    if (!whole.method().equals("GET") && !whole.method().equals("HEAD")) {
      respond(HttpResponse.text(405, "only GET and HEAD are answered"));
    } else if (page == null) {
      respond(HttpResponse.text(404, "there are " + String.join(", ", pages.keySet())));
    } else {
      inquiry = page;
      expect(0, page.patience());
      page.ask(ready);
    }
  }

  private void answer() {
    try {
      if (inquiry != null && request != null) {
        respond(inquiry.page().answer(request));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void respond(HttpResponse response) throws IOException {
    ByteBuffer bytes = response.bytes(request == null || !request.method().equals("HEAD"));
    out = bytes;
    expect(SelectionKey.OP_WRITE, limit);
    write(bytes);
  }

  private void write(ByteBuffer response) throws IOException {
    channel.write(response);
    if (!response.hasRemaining()) {
      channel.shutdownOutput();
      expect(SelectionKey.OP_READ, REST_LIMIT);
    }
  }

  /** Its time is over. */
  void late() throws IOException {
    if (out != null) {
      close();
    } else if (inquiry != null) {
      inquiry.leave(ready);
      respond(inquiry.page().late());
    } else {
      respond(HttpResponse.text(408, "the request did not come in time"));
    }
  }

  /** Ends it, whatever is on its way. */
  void close() {
    if (inquiry != null) {
      inquiry.leave(ready);
    }
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  boolean open() {
    return channel.isOpen();
  }
}
