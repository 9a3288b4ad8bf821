package org.example.fifo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Transport;

/**
 * Reads events from a FIFO, one a line: the channel, a space, the payload. Try {@code mkfifo
 * /tmp/events} and {@code echo 'cluster/event/hello {}' > /tmp/events}.
 */
final class FifoTransport implements Transport {
  private final Path fifo;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Thread reader;

  FifoTransport(Path fifo) {
    this.fifo = fifo;
  }

  @Override
  public String address() {
    return "fifo://" + fifo;
  }

  @Override
  public void subscribe(List<String> patterns, EventSink sink) {
    Thread thread = new Thread(() -> bring(patterns.stream().map(Glob::of).toList(), sink), "fifo");
    thread.setDaemon(true);
    reader = thread;
    thread.start();
  }

  private void bring(List<Pattern> patterns, EventSink sink) {
    while (closed.getCount() > 0) {
      try {
        read(patterns, sink);
      } catch (IOException e) {
        if (closed.getCount() > 0) {
          sink.unavailable(fifo + " cannot be read: " + e.getMessage() + "; run mkfifo " + fifo);
        }
      }
      pause();
    }
  }

  private void read(List<Pattern> patterns, EventSink sink) throws IOException {
    // For writing too: so there is always a writer, and the end is never reached.
    try (FileChannel channel =
            FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        // Not Channels.newReader: of a file's channel it would wait for more than there is.
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(channel), StandardCharsets.ISO_8859_1))) {
      sink.subscribed();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        String name = space < 0 ? line : line.substring(0, space);
        if (patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
          // One char a byte, there and back: a payload need not be text.
          sink.received(bytes(name), bytes(space < 0 ? "" : line.substring(space + 1)));
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void pause() {
    try {
      closed.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // By close() alone, which has counted down before.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    Thread thread = reader;
    if (thread == null) {
      return;
    }
    // Ends its read by closing the channel.
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
