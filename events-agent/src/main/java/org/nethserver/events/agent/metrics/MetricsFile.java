package org.nethserver.events.agent.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes all figures into a file from time to time, for the textfile collector of node_exporter.
 * Whoever reads it finds a whole one, since each takes the place of the one before.
 */
final class MetricsFile implements Giving {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Path file;
  private final Path temporary;
  private final MetricsPage page;
  private final Duration interval;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "metrics");
  private @Nullable String trouble;

  /** Hears of what goes wrong, on the thread that writes. */
  interface Listener {
    /** The file cannot be written, which was not told yet. */
    void unwritable(Path file, String why);

    /** It can be written again. */
    void writable(Path file);
  }

  /**
   * Makes one that writes nothing yet.
   *
   * @param name which process this is
   */
  MetricsFile(Path directory, String name, MetricsPage page, Duration interval, Listener listener) {
    this.file = directory.resolve(name(name));
    // Not ending like those that are read.
    this.temporary = directory.resolve("." + file.getFileName() + ".new");
    this.page = page;
    this.interval = interval;
    this.listener = listener;
  }

  /** Returns the name of the file of an agent or another process. */
  static String name(String process) {
    // As the directory of its state; what else an id may hold is no matter here.
    return "events-" + process.replace('/', '+').replaceAll("[^\\w.+-]", "_") + ".prom";
  }

  @Override
  public String place() {
    return file + ", each " + interval.toSeconds() + " s";
  }

  @Override
  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      do {
        CountDownLatch ready = new CountDownLatch(1);
        page.prepare(ready::countDown);
        if (ready.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
          write();
        } else {
          tell(HealthPage.STUCK);
        }
      } while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      replace(file, temporary, page.text());
      if (trouble != null) {
        trouble = null;
        listener.writable(file);
      }
    } catch (IOException e) {
      tell(e.toString());
    }
  }

  private void tell(String why) {
    if (trouble == null) {
      listener.unwritable(file, why);
    }
    trouble = why;
  }

  /**
   * The directory may be another user's: what stands there already is neither followed nor used.
   */
  static void replace(Path file, Path temporary, byte[] content) throws IOException {
    Files.deleteIfExists(temporary);
    Files.write(temporary, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.getFileAttributeView(temporary, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes no more, and takes the file away: what it says is over. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(LIMIT);
      Files.deleteIfExists(file);
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // It was told that the directory is not to be written to.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
