package org.nethserver.events.agent.handlers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;

/**
 * Which handlers run, readable from outside: when the heap is full this process can say nothing any
 * more, and the program that the JVM starts then ({@code lib/out-of-memory} of the image) reads it
 * here. It is a mapped file without name, found among this process's descriptors; each place has a
 * line in it, and an idle place empty ones.
 *
 * <p>Threads: each place belongs to the thread at it; a lock guards opening and closing. Nothing is
 * ordered: that program comes when all threads stand still.
 */
final class RunningHandlers implements AutoCloseable {
  /** By this the program knows the descriptor; the JVM's user is the only one to see it. */
  static final String FILE = "events-handlers-";

  /** A line: what is longer is cut. */
  static final int LINE = 320;

  private static final byte[] NONE = new byte[LINE];

  static {
    Arrays.fill(NONE, (byte) '\n');
  }

  private final int places;

  /** Guarded by this until {@link #open} has returned to the thread that uses it. */
  private ByteBuffer lines = ByteBuffer.allocate(0);

  private @Nullable FileChannel file;
  private boolean opened;

  /** Makes no file yet. */
  RunningHandlers(int places) {
    this.places = places;
  }

  /**
   * Makes the file where nobody has done so; where none can be made, the names are kept for nobody.
   * Each thread calls this before all else.
   */
  synchronized void open() {
    if (opened) {
      return;
    }
    opened = true;
    byte[] empty = new byte[places * LINE];
    Arrays.fill(empty, (byte) '\n');
    lines = ByteBuffer.wrap(empty);
    try {
      file = nameless();
      // Written once, so that it has its blocks: a mapped page without one would be a fault.
      file.write(lines.duplicate());
      lines = file.map(MapMode.READ_WRITE, 0, empty.length);
    } catch (IOException e) {
      // No place for files: events are handled all the same, and lines stays in the heap.
    }
  }

  private static FileChannel nameless() throws IOException {
    Path path = Files.createTempFile(FILE, "");
    try {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }

  /** Returns how a handler is called here: its step and its plugin. */
  static byte[] label(HandlerSite site) {
    String label = "\"" + site.name() + "\" of plugin \"" + site.plugin() + "\" for ";
    return label.replaceAll("\\p{Cntrl}", "?").getBytes(StandardCharsets.UTF_8);
  }

  void enter(int place, byte[] label, Channel channel) {
    int start = place * LINE;
    int length = put(start, label, LINE - 1);
    length += put(start + length, ascii(channel.source().text()), LINE - 1 - length);
    length += put(start + length, ascii(Channel.SEPARATOR), LINE - 1 - length);
    put(start + length, ascii(channel.name().text()), LINE - 1 - length);
  }

  private int put(int at, byte[] text, int room) {
    int length = Math.min(text.length, room);
    lines.put(at, text, 0, length);
    return length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  void leave(int place) {
    lines.put(place * LINE, NONE);
  }

  /** Returns the lines of the places that are not idle, as they are about now. */
  synchronized List<String> names() {
    byte[] all = new byte[lines.capacity()];
    lines.get(0, all);
    return new String(all, StandardCharsets.UTF_8).lines().filter(line -> !line.isEmpty()).toList();
  }

  @Override
  public synchronized void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
